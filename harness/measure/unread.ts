/**
 * What a dump of sockets can lack, by the column that shows it: the timer; the processes that hold a socket; its inode and user; struct
 * tcp_info; of a listener, how many connections may wait; all that only /proc/PID shows of a process; and sysctls.
 */
export const COLUMNS = ["timer", "holder", "inode", "info", "backlog", "process", "sysctl"] as const;
export type Column = (typeof COLUMNS)[number];

/** A test has asked for something that was not in the text. It has no answer, whatever else it has read. */
export class Unread extends Error {
  override readonly name = "Unread";
  readonly columns: readonly Column[];

  constructor(columns: readonly Column[]) {
    super(`needs what was not read: ${columns.join(", ")}`);
    this.columns = columns;
  }
}

/**
 * One getter for each column: whoever reads such a field is refused. A field that can be left out would be taken for another value. The error is
 * no fault whose stack somebody would read, and a judgement throws thousands: there is one for each column.
 */
const REFUSALS = new Map(
  COLUMNS.map((column) => {
    const unread = new Unread([column]);
    const get = (): never => {
      throw unread;
    };
    return [column, { get, enumerable: true, configurable: true }] as const;
  }),
);
const BY_GETTER = new Map<unknown, Column>([...REFUSALS].map(([column, { get }]) => [get, column]));

/** The objects with fields that refuse. All others are read as they are: of a live host there are many, and none is here. */
const partial = new WeakSet<object>();

/** A copy of an object in which these fields were not read. Fields that it does not have are added. */
export function withUnread<T extends object>(of: T, fields: { [Field in keyof T]?: Column }): T {
  const copy = copyOf(of, fields);
  for (const field of Object.keys(fields)) refuse(copy, field, fields[field as keyof T]);
  return copy;
}

/** A copy of an object with other values of some fields, in which what was not read stays so. */
export function withValues<T extends object>(of: T, values: NoInfer<Partial<T>>): T {
  return Object.assign(copyOf(of, values), values);
}

/** A copy without some fields. It reads no field that refuses. */
function copyOf<T extends object>(of: T, without: object): T {
  if (!partial.has(of)) return { ...of };
  const copy: Record<string, unknown> = {};
  for (const field of Object.keys(of)) {
    if (field in without) continue;
    const column = unreadColumn(of, field);
    if (column === null) copy[field] = of[field as keyof T];
    else refuse(copy, field, column);
  }
  return copy as T;
}

function refuse(of: object, field: string, column: Column | undefined): void {
  const refusal = column === undefined ? undefined : REFUSALS.get(column);
  if (refusal === undefined) return;
  Object.defineProperty(of, field, refusal);
  partial.add(of);
}

/** Values by name, of which only these were read. */
export function onlyThese(values: Record<string, string>): Record<string, string> {
  return new Proxy(values, {
    get: (target, name) =>
      typeof name === "string" && !Object.hasOwn(target, name)
        ? REFUSALS.get("sysctl")?.get()
        : (Reflect.get(target, name) as unknown),
  });
}

/** What is read of something; null where that asks for what was not read. */
export function whereRead<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unread) return null;
    throw error;
  }
}

/** The column that would show a field; null when the field was read. */
export function unreadColumn(of: object, field: string): Column | null {
  if (!partial.has(of)) return null;
  return BY_GETTER.get(Object.getOwnPropertyDescriptor(of, field)?.["get"]) ?? null;
}

/** The fields of an object that were read. */
export function known<T extends object>(of: T): Partial<T> {
  const read = Object.keys(of).filter((field) => unreadColumn(of, field) === null);
  return Object.fromEntries(read.map((field) => [field, of[field as keyof T]])) as Partial<T>;
}
