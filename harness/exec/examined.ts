import type { Examination } from "../diagnosis/examine.ts";
import { samplesOf } from "../measure/evidence.ts";
import { view } from "../measure/view.ts";
import type { View } from "../model/expectation.ts";
import type { ProcessRow, SocketGroup } from "../model/sample.ts";
import type { Recording } from "../model/recording.ts";
import type { FamilySubject } from "../model/subject.ts";
import { ran, wholeUntil } from "./ran.ts";

const HOST = "client";
/** How long there may be no sample: as for the doctor (harness/diagnosis/pace.ts), whose symptoms are about what lasts longer. */
const LATE_MS = 1000;

/**
 * What the doctor would have seen on the client's host while the command ran: one subject, the command with all its processes and sockets.
 * What came after its end is no subject: a process that has ended holds nothing. Pure.
 */
export function examinationOf(recording: Recording, command: readonly string[]): Examination {
  const { fromUs, toUs } = ran(recording);
  const ofHost = whileItRan(view(recording, HOST), fromUs, toUs);
  const seen = heldByTheOne(ofHost);
  const looks = samplesOf(seen, "sockets");
  const rows = samplesOf(seen, "processes").flatMap(({ processes }) => processes);
  const pids = new Set(rows.map(({ pid }) => pid));
  const counted = seen.samples.filter(({ kind }) => kind === "processes" || kind === "counters");
  return {
    seconds: Math.max(0, toUs - fromUs) / 1e6,
    looks: looks.length,
    longestLookMs: longestLookMs(recording),
    unseenSockets: 0,
    unread: [],
    lack: lackOf([fromUs, ...looks.map(({ atUs }) => atUs), toUs]),
    patients: [{ subject: subjectOf(rows, command, [...pids]), view: seen, pids }],
    whole: {
      subject: { kind: "namespace", name: HOST },
      view: { ...seen, samples: counted },
      pids: new Set(),
    },
  };
}

/**
 * A socket that was made since the last look at the processes has a holder that was not read. Where the host has had one process only, it is
 * that one.
 */
function heldByTheOne(seen: View): View {
  const all = samplesOf(seen, "processes").flatMap(({ processes }) => processes.map(({ pid }) => pid));
  const [pid, another] = new Set(all);
  if (pid === undefined || another !== undefined) return seen;
  const samples = seen.samples.map((sample) => {
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) => (group.owner === "unseen" ? heldBy(group, pid) : group));
    return { ...sample, groups };
  });
  return { ...seen, samples };
}

function heldBy(group: SocketGroup, pid: number): SocketGroup {
  return { ...group, owner: "process", examples: group.examples.map((row) => ({ ...row, pids: [pid] })) };
}

/** The samples while it ran. If it was over before the first, that is the one right after it. */
function whileItRan({ samples, ...rest }: View, fromUs: number, toUs: number): View {
  const untilUs = wholeUntil({ fromUs, toUs });
  const inTime = samples.filter(({ atUs }) => atUs >= fromUs && atUs < untilUs);
  const kinds = ["sockets", "listeners", "counters", "processes"] as const;
  const after = kinds.flatMap((kind) => {
    if (inTime.some((sample) => sample.kind === kind)) return [];
    return samples.find((sample) => sample.kind === kind && sample.atUs >= untilUs) ?? [];
  });
  return { ...rest, samples: [...inTime, ...after] };
}

function subjectOf(rows: ProcessRow[], command: readonly string[], pids: number[]): FamilySubject {
  const eldest = rows.toSorted((a, b) => a.pid - b.pid)[0];
  return {
    kind: "family",
    name: HOST,
    pid: eldest?.pid ?? 0,
    program: rows.findLast(({ pid }) => pid === eldest?.pid)?.name ?? command[0] ?? "",
    command: command.join(" "),
    pids,
    ports: [],
  };
}

function longestLookMs(recording: Recording): number {
  const { observers = {} } = samplesOf(recording, "cost").at(-1) ?? {};
  return Math.max(0, ...Object.values(observers).map(({ longestMs }) => longestMs));
}

function lackOf(timesUs: number[]): string | null {
  const gaps = timesUs.slice(1).map((atUs, nth) => (atUs - (timesUs[nth] ?? 0)) / 1000);
  const longestMs = Math.max(0, ...gaps);
  if (longestMs < LATE_MS) return null;
  return `the machine is starved: there was no sample for ${(longestMs / 1000).toFixed(2)} s`;
}
