import { posix } from "node:path";
import picomatch from "picomatch";
import { importsOf, type Import } from "./imports.ts";
import { MAY_IMPORT_COMPUTED_NAMES, NOT_SHIPPED, ROOMS, TESTS_MAY, type Room } from "./rooms.ts";

/** Sources by their path relative to the project's folder, with `/`. */
export type Tree = ReadonlyMap<string, string>;

export interface Judgement {
  /** One sentence for each violation, with file and line. */
  violations: string[];
  /** The number of imports in each room. A room without imports was probably not read, so "no violation" would prove nothing. */
  imports: Map<string, number>;
}

interface Importer {
  path: string;
  room: Room;
  isTest: boolean;
}

/** Checks every import of a tree against the rooms. `runtimePackages` are the `dependencies` of package.json. */
export function judge(tree: Tree, runtimePackages: readonly string[]): Judgement {
  const violations: string[] = [];
  const imports = new Map<string, number>();
  for (const [path, source] of tree) {
    const room = roomOf(path);
    if (room === undefined) {
      violations.push(`${path} is in no room of tests/architecture/rooms.ts`);
      continue;
    }
    const importer = { path, room, isTest: /\.(?:test|fixture)\.ts$/.test(path) };
    const found = importsOf(path, source);
    imports.set(room.name, (imports.get(room.name) ?? 0) + found.length);
    for (const one of found) {
      const wrong = complaint(importer, one, tree, runtimePackages);
      if (wrong !== null) violations.push(`${path}:${one.line} ${wrong}`);
    }
  }
  return { violations, imports };
}

const patterns = ROOMS.map((room) => ({ room, fits: picomatch(room.files) }));

/** The room that a file lies in; undefined when it lies in none. */
export function roomOf(path: string): Room | undefined {
  return patterns.find(({ fits }) => fits(path))?.room;
}

/** What is wrong with an import, as the end of a sentence that begins with its place; null when nothing is wrong. */
function complaint(
  importer: Importer,
  { from, typeOnly }: Import,
  tree: Tree,
  runtimePackages: readonly string[],
): string | null {
  const { path, room, isTest } = importer;
  if (from === null) {
    const named = isTest || path in MAY_IMPORT_COMPUTED_NAMES;
    return named ? null : "imports a computed name, which only the files named in rooms.ts may";
  }
  if (from.startsWith("node:")) {
    return may(importer, "node:", typeOnly)
      ? null
      : `imports ${from}, but ${room.name} is kept free of node:`;
  }
  if (!from.startsWith(".")) {
    const name = packageName(from);
    if (!may(importer, `npm:${name}`, typeOnly)) {
      return `imports the package ${name}, which is not for ${room.name}`;
    }
    if (isTest || typeOnly || NOT_SHIPPED.includes(room.name) || runtimePackages.includes(name)) return null;
    return `imports the package ${name}, which package.json does not have among "dependencies"`;
  }

  const target = posix.join(posix.dirname(path), from);
  if (!tree.has(target)) return `imports ${from}, and there is no ${target}`;
  const other = roomOf(target);
  if (other === undefined) return `imports ${target}, which is in no room`;
  if (other.name !== room.name) {
    return may(importer, other.name, typeOnly)
      ? null
      : `imports ${target}: ${room.name} may not import ${other.name}`;
  }
  if (isTest && posix.dirname(path) === posix.dirname(target)) return null;
  if (room.inside === "apart") return `imports ${target}: each file of ${room.name} stands alone`;
  if (room.inside === "by-id" && idOf(path) !== idOf(target)) {
    return `imports ${target}: each folder of ${room.name} stands alone`;
  }
  return null;
}

function may({ room, isTest }: Importer, what: string, typeOnly: boolean): boolean {
  const rights = isTest ? [...room.may, ...TESTS_MAY] : room.may;
  if (rights.includes(what) || (typeOnly && rights.includes(`type ${what}`))) return true;
  return rights.includes("harness") && what !== "cli" && isInHarness(what);
}

function isInHarness(room: string): boolean {
  return ROOMS.some(({ name, files }) => name === room && files.startsWith("harness/"));
}

/** `servers/close-wait-leak/buggy.ts` -> `close-wait-leak`. */
function idOf(path: string): string | undefined {
  return path.split("/")[1];
}

/** `@scope/name/file` -> `@scope/name`. */
function packageName(from: string): string {
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}
