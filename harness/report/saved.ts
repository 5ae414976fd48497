import type { Undecided } from "../diagnosis/diagnose.ts";
import type { Examination } from "../diagnosis/examine.ts";
import type { SavedEvidence, Sentence } from "../diagnosis/saved/evidence.ts";
import { wrap } from "./wrap.ts";

/** How many lines that could not be read are quoted. */
const MOST_QUOTED = 3;
/** How much of such a line. */
const MOST_CHARACTERS = 60;

/** What would show what a text lacks: columns, kinds of samples, and another look. */
const SHOWN_BY: Record<string, string> = {
  looks: "the same again, some seconds later",
  holder: "the holder of the socket (ss -p, as root)",
  inode: "the inode of the socket (ss -e)",
  timer: "its timer (ss -o)",
  info: "what was sent and received on it (ss -i)",
  backlog: "the limit of the listener's queue (ss -l; netstat does not show it)",
  process: "what only /proc shows of a process (lastack doctor on that host)",
  sysctl: "sysctls (sysctl -a)",
  counters: "the counters, twice (nstat -az)",
  sockets: "the connections (ss -a)",
  listeners: "the listening sockets (ss -a)",
};

/** `Read 2 looks, 3.0 s apart by the dates in the text, of ` */
export function savedLooks({ looks, seconds }: Examination, { timeBy }: SavedEvidence): string {
  if (looks === 0) return "Read no look at sockets, only counters, of ";
  if (looks === 1) return "Read one look, which shows no time, of ";
  return `Read ${looks} looks in ${seconds.toFixed(1)} s, by ${timeBy ?? "order"}, of `;
}

/** The modes that could not be judged: first those that fit what was seen, each with what would tell; then the others. */
export function savedUndecidedLines(undecided: readonly Undecided[], columns: number): string[] {
  const fitting = undecided.filter(({ fit }) => fit > 0);
  const others = undecided.filter(({ fit }) => fit === 0);
  return [
    ...(fitting.length === 0
      ? []
      : [
          ...wrap("These fit what was read, and so may a healthy program. What would tell:", columns),
          ...fitting.flatMap((one) => fittingLines(one, columns)),
        ]),
    ...byReason(others, columns),
  ];
}

function fittingLines(one: Undecided, columns: number): string[] {
  return wrap(`${one.mode.id}: needs ${neededFor(one)}`, columns - 2).map(
    (line, nth) => `${nth === 0 ? "? " : "  "}${line}`,
  );
}

function byReason(undecided: readonly Undecided[], columns: number): string[] {
  const modes = new Map<string, Set<string>>();
  for (const one of undecided) {
    const reason = neededFor(one);
    modes.set(reason, (modes.get(reason) ?? new Set()).add(one.mode.id));
  }
  return [...modes].flatMap(([reason, ids]) =>
    wrap(`Not judged: ${[...ids].join(", ")}: needs ${reason}.`, columns),
  );
}

/** What an undecided mode needs, in words. */
export function neededFor({ lacks, because }: Pick<Undecided, "lacks" | "because">): string {
  // Who holds what is shown by ss, too, and the rest of a process by nothing that is saved.
  const columns = new Set(lacks.flatMap((one) => (one === "processes" ? ["holder", "process"] : [one])));
  return lacks.length === 0 ? `more: ${because}` : [...columns].map((one) => SHOWN_BY[one] ?? one).join("; ");
}

/** The texts that were not used, and the lines that could not be read. */
export function savedNotes({ unused, unreadable }: SavedEvidence, columns: number): string[] {
  const quoted = unreadable
    .slice(0, MOST_QUOTED)
    .flatMap(({ file, line, text, because }) =>
      wrap([`${file}:${line}`, because, ...(text === "" ? [] : [shortened(text)])].join(": "), columns),
    );
  const more = unreadable.length - MOST_QUOTED;
  return [
    ...unused.flatMap((one) => wrap(`Not used: ${inWords(one)}.`, columns)),
    ...(unreadable.length === 0
      ? []
      : [`Not read: ${unreadable.length === 1 ? "one line" : `${unreadable.length} lines`}.`, ...quoted]),
    ...(more > 0 ? [`... and ${more} more`] : []),
  ];
}

/** A sentence about texts, as words. */
export function inWords(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : `${part.words} in ${part.file}`)).join("");
}

function shortened(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return printable.length > MOST_CHARACTERS ? `${printable.slice(0, MOST_CHARACTERS)}...` : printable;
}

/** The same for a JSON document. */
export function savedJson({ looks, lacks, timeBy, unused, unreadable }: SavedEvidence): object {
  return {
    looks: looks.map(({ atMs, source, sockets }) => ({ atMs, source, sockets: sockets.length })),
    lacks: [...lacks],
    timeBy,
    unused: unused.map(inWords),
    unreadable,
  };
}
