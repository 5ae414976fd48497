import type { Column } from "../../measure/unread.ts";
import { moved, parseNstat, parseProc, parseSysctls, type SavedCounters } from "./counters.ts";
import { apartMs } from "./interval.ts";
import { parseNetstat } from "./netstat.ts";
import { sectionsOf, type Section } from "./section.ts";
import { commandNamed } from "./command.ts";
import type { Dump, SavedSocket, Unreadable } from "./socket.ts";
import { parseSs } from "./ss.ts";

/** A file of evidence: its name, its text, and when it was written last. */
export interface SavedFile {
  name: string;
  text: string;
  writtenMs: number | null;
}

/** What printed a text, by its words, and the file in which it is. */
export interface Source {
  words: string;
  file: string;
}

/** A sentence about texts. */
export type Sentence = readonly (string | Source)[];

/** What some files show of one host. */
export interface SavedEvidence {
  /** The texts of sockets that are used, in the order of time. `atMs` counts from the first. */
  looks: { atMs: number; sockets: SavedSocket[]; source: string }[];
  lacks: ReadonlySet<Column>;
  shows: Dump["shows"];
  oneHolder: boolean;
  /** How far the counters moved between two texts of them, and when they were taken; null without two. */
  counters: { fromMs: number; toMs: number; deltas: Record<string, number> } | null;
  sysctls: Record<string, string>;
  /** By what the time between the looks is known; null where it is not, or there is one look. */
  timeBy:
    | "--interval"
    | "the dates in the text"
    | "the ages of the connections"
    | "the times of the files"
    | null;
  /** Texts that are not used, and why. */
  unused: Sentence[];
  unreadable: (Unreadable & { file: string })[];
}

/** Files copied together have times within less; and a look after a day is no second look at the same state. */
const APART_MS = { least: 500, most: 86_400_000 };

const WHOLE_SECOND_MS = 1000;

interface Text {
  dump: Dump;
  section: Section;
}

/** Reads files of evidence. `intervalS`: the time from each look to the next, where somebody knows it. */
export function readEvidence(files: readonly SavedFile[], intervalS: number | null): SavedEvidence {
  const sections = files.flatMap(({ name, text }) =>
    sectionsOf(name, text, commandNamed(name.slice(name.lastIndexOf("/") + 1))),
  );
  const dumps = sections.flatMap((section): Text[] => {
    if (section.kind !== "ss" && section.kind !== "netstat") return [];
    return [{ section, dump: section.kind === "ss" ? parseSs(section) : parseNetstat(section) }];
  });
  const forms = formsOf(dumps.filter(({ dump }) => dump.sockets.length > 0 || dump.unreadable.length === 0));
  const { best, others } = bestOf(forms);
  const counted = countersOf(sections);
  const writtenMs = new Map(files.map(({ name, writtenMs: ms }) => [name, ms]));
  const times = best === undefined ? null : timesOf(best, intervalS, writtenMs);
  // Without a time there is one look: the last.
  const used = best === undefined ? [] : times === null ? best.slice(-1) : best;
  const looks = used.map(({ dump, section }, nth) => ({
    atMs: times?.atMs[nth] ?? 0,
    sockets: dump.sockets,
    source: section.command?.words ?? section.kind,
  }));
  const apart = (looks.at(-1)?.atMs ?? 0) || (intervalS ?? 0) * 1000;
  return {
    looks,
    lacks: inAll(used.map(({ dump }) => dump.lacks)),
    shows: {
      listeners: used.length > 0 && used.every(({ dump }) => dump.shows.listeners),
      connections: used.length > 0 && used.every(({ dump }) => dump.shows.connections),
    },
    oneHolder: used.some(({ dump }) => dump.oneHolder),
    counters:
      typeof counted.moved === "string" || counted.moved === null
        ? null
        : { fromMs: 0, toMs: apart, deltas: counted.moved },
    sysctls: Object.assign(
      {},
      ...sections.filter(({ kind }) => kind === "sysctl").map(parseSysctls),
    ) as Record<string, string>,
    timeBy: looks.length < 2 ? null : (times?.by ?? null),
    unused: [
      ...others.map(([one]) => [...sourceOf(one), ": ", ...sourceOf(best?.[0]), " shows more"]),
      ...(best !== undefined && best.length > used.length
        ? [
            [
              `the first ${best.length - 1} of ${best.length} texts of `,
              ...sourceOf(best[0]),
              ": the time between them is not known, --interval says it",
            ],
          ]
        : []),
      ...(typeof counted.moved === "string" ? [[counted.moved]] : []),
      ...sections
        .filter(({ kind }) => kind === "statistics")
        .map(({ file }) => [
          { words: "netstat -s", file },
          ": nstat -az shows the same in a form for programs",
        ]),
    ],
    unreadable: [
      ...dumps.flatMap(({ dump, section }) => dump.unreadable.map((one) => ({ ...one, file: section.file }))),
      ...counted.unreadable,
      ...strayLines(sections),
    ],
  };
}

/** Lines that belong to nothing that lastack knows. A command that it does not know explains its own. */
function strayLines(sections: readonly Section[]): SavedEvidence["unreadable"] {
  return sections
    .filter(({ kind, command }) => kind === "other" && command === null)
    .flatMap(({ file, lines }) =>
      lines.map(({ number, text }) => ({
        file,
        line: number,
        text: text.trim(),
        because: "no command is known that prints it",
      })),
    );
}

/** The texts by what they show: the same command, or the same columns. The one that shows the most comes first. */
function formsOf(dumps: Text[]): Text[][] {
  const forms = new Map<string, Text[]>();
  for (const one of dumps) {
    const { section, dump } = one;
    // Timers show whether they were asked for only where one runs.
    const columns = [...dump.lacks].filter((column) => column !== "timer").join();
    const { listeners, connections } = dump.shows;
    const key = section.command?.words ?? [section.kind, columns, listeners, connections].join(" ");
    forms.set(key, [...(forms.get(key) ?? []), one]);
  }
  return [...forms.values()].toSorted((a, b) => worth(b) - worth(a) || b.length - a.length);
}

/** The form that shows the most. If it leaves out the listening sockets, those of another form belong to it: `ss -tnp` and `ss -tlnp`. */
function bestOf(forms: readonly Text[][]): { best: Text[] | undefined; others: Text[][] } {
  const [best, ...others] = forms;
  const isListening = ([one]: Text[]): boolean =>
    one?.dump.shows.listeners === true && !one.dump.shows.connections;
  const listening = others.find(isListening);
  if (best === undefined || listening === undefined || best[0]?.dump.shows.listeners !== false)
    return { best, others };
  const both = best.map(({ section, dump }, nth) => {
    const beside = (listening[nth] ?? listening.at(-1))?.dump ?? dump;
    return { section, dump: { ...joined(dump, beside), unreadable: dump.unreadable } };
  });
  return { best: both, others: others.filter((form) => form !== listening) };
}

function joined(connections: Dump, listeners: Dump): Omit<Dump, "unreadable"> {
  return {
    sockets: [...listeners.sockets, ...connections.sockets],
    lacks: new Set([...connections.lacks, ...listeners.lacks]),
    shows: { listeners: true, connections: true },
    oneHolder: connections.oneHolder || listeners.oneHolder,
  };
}

function worth(form: readonly Text[]): number {
  const lacks = inAll(form.map(({ dump }) => dump.lacks)).size;
  const { listeners, connections } = form[0]?.dump.shows ?? { listeners: false, connections: false };
  return (connections ? 100 : 0) + (listeners ? 50 : 0) - lacks * 10;
}

function sourceOf(one: Text | undefined): Source[] {
  return one === undefined
    ? []
    : [{ words: one.section.command?.words ?? one.section.kind, file: one.section.file }];
}

/** What all of them lack: a column that one look has was asked for in the others, too. */
function inAll(sets: readonly ReadonlySet<Column>[]): Set<Column> {
  const [first = new Set<Column>(), ...rest] = sets;
  return new Set([...first].filter((column) => rest.every((set) => set.has(column))));
}

function timesOf(
  form: readonly Text[],
  intervalS: number | null,
  writtenMs: ReadonlyMap<string, number | null>,
): { atMs: number[]; by: NonNullable<SavedEvidence["timeBy"]> } | null {
  if (form.length === 1) return { atMs: [0], by: "--interval" };
  if (intervalS !== null) return { atMs: form.map((_, nth) => nth * intervalS * 1000), by: "--interval" };
  const dates = form.map(({ section }) => section.taken);
  const dated = dates.map((taken) => taken?.ms ?? null);
  const isExact = dates.every((taken) => taken?.resolutionMs === 1);
  if (rises(dated) && isExact) return { atMs: fromFirst(dated), by: "the dates in the text" };
  const steps = form.slice(1).map(({ dump }, nth) => apartMs(form[nth]?.dump.sockets ?? [], dump.sockets));
  if (steps.every((step) => step !== null)) {
    return {
      atMs: [0, ...steps.map((_, nth) => steps.slice(0, nth + 1).reduce((sum, step) => sum + step, 0))],
      by: "the ages of the connections",
    };
  }
  // Whole seconds: at least so much lay between.
  const atLeast = dated.map((ms, nth) => (ms === null ? null : ms - nth * WHOLE_SECOND_MS));
  if (rises(atLeast)) return { atMs: fromFirst(atLeast), by: "the dates in the text" };
  const written = form.map(({ section }) => writtenMs.get(section.file) ?? null);
  return rises(written) ? { atMs: fromFirst(written), by: "the times of the files" } : null;
}

function rises(times: readonly (number | null)[]): times is number[] {
  return times.every((time, nth) => {
    const before = times[nth - 1];
    if (time === null || before === null) return false;
    return before === undefined || (time - before >= APART_MS.least && time - before <= APART_MS.most);
  });
}

function fromFirst(times: readonly number[]): number[] {
  return times.map((time) => time - (times[0] ?? 0));
}

function countersOf(sections: readonly Section[]): {
  moved: Record<string, number> | string | null;
  unreadable: SavedEvidence["unreadable"];
} {
  const unreadable: SavedEvidence["unreadable"] = [];
  const read = (kind: "nstat" | "pairs", parse: (section: Section) => SavedCounters): SavedCounters[] =>
    sections
      .filter((section) => section.kind === kind)
      .map((section) => {
        const counters = parse(section);
        unreadable.push(...counters.unreadable.map((one) => ({ ...one, file: section.file })));
        return counters;
      });
  const [nstat, pairs] = [read("nstat", parseNstat), halves(read("pairs", parseProc))];
  const all = nstat.length >= 2 ? nstat : pairs.length >= 2 ? pairs : nstat.length > 0 ? nstat : pairs;
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return { moved: null, unreadable };
  if (all.length > 1) return { moved: moved(first, last), unreadable };
  return {
    moved: "counters that were read once: they count since boot, and two texts show how fast",
    unreadable,
  };
}

/** /proc/net/netstat and /proc/net/snmp are two texts of one look. */
function halves(all: SavedCounters[]): SavedCounters[] {
  const looks: SavedCounters[] = [];
  for (const counters of all) {
    const last = looks.at(-1);
    const isOther = last !== undefined && ![...counters.values.keys()].some((name) => last.values.has(name));
    if (isOther) for (const [name, value] of counters.values) last.values.set(name, value);
    else looks.push(counters);
  }
  return looks;
}
