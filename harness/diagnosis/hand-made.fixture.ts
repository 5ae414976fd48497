import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";
import { at, countersAt, group, plainSetup, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { atLeast } from "../verdict/vocabulary/bound.ts";
import { counterMoved } from "../verdict/vocabulary/counters.ts";
import { socketsAtPeak, socketsStay } from "../verdict/vocabulary/sockets.ts";
import type { Examination, Patient } from "./examine.ts";
import type { Subject } from "../model/subject.ts";

// Hand-made examinations: looks at 0, 1, 2 and 3 s, each with the same sockets.

const LOOKS = [0, 1000, 2000, 3000];

/** A program with one process that listens on ports. */
export function family(pid: number, program: string, ports: number[] = []): Subject & { kind: "family" } {
  return {
    kind: "family",
    name: `${program}-${pid}`,
    pid,
    program,
    command: `./${program}`,
    pids: [pid],
    ports,
  };
}

/** A subject that held these sockets in every look. */
export function patient(
  subject: Subject,
  groups: SocketGroup[],
  counters: Record<string, number> = {},
): Patient {
  const pids = subject.kind === "family" ? subject.pids : [];
  const samples: View["samples"] = LOOKS.flatMap((ms) => [
    processesAt(
      at(ms),
      subject.name,
      pids.map((pid) => ({ pid, descriptorLimit: 1024 })),
    ),
    socketsAt(at(ms), subject.name, groups),
    countersAt(at(ms), subject.name, counters),
  ]);
  return { subject, view: { host: subject.name, sysctls: {}, samples }, pids: new Set(pids) };
}

/** An examination of these subjects; the namespace counted `counters`. */
export function examination(
  patients: Patient[],
  changes: Partial<Examination> & { counters?: Record<string, number> } = {},
): Examination {
  const { counters = {}, ...rest } = changes;
  const whole = patient({ kind: "namespace", name: "here" }, [], counters);
  return {
    seconds: 3,
    looks: LOOKS.length,
    longestLookMs: 7,
    patients,
    whole,
    unseenSockets: 0,
    unread: [],
    lack: null,
    ...rest,
  };
}

/** A group with an example of its sockets. */
export function withExample(one: SocketGroup, example: Partial<SocketExample>): SocketGroup {
  const plain: SocketExample = {
    local: "192.0.2.2:8080",
    remote: "192.0.2.1:40001",
    receiveQueueBytes: 0,
    sendQueueBytes: 0,
    timerMs: 0,
    retransmits: 0,
    uid: 0,
    inode: 4711,
    pids: [7],
  };
  return { ...one, examples: [{ ...plain, ...example }] };
}

const variant = { summary: "a program", setup: plainSetup(), exact: [] };

function mode(id: string, symptom: FailureMode["symptom"], changes: Partial<FailureMode> = {}): FailureMode {
  const variants = { buggy: variant, fixed: { ...variant, summary: `the cure of ${id}` } };
  return {
    kind: "failure-mode",
    id,
    title: `What ${id} is`,
    question: "?",
    tags: [],
    variants,
    symptom,
    overlaps: {},
    ...changes,
  };
}

const stays = socketsStay({ state: "CLOSE-WAIT", owner: ["listener", "process"] }, atLeast(5), {
  forMs: 1500,
}).because("nobody closes");

/** Failure modes of every kind, with symptoms that these hand-made sockets can show. */
export const leak = mode("leak", [stays]);
export const exhaustion = mode("exhaustion", [
  socketsAtPeak({ state: "CLOSE-WAIT" }, atLeast(50)).because("there are many"),
]);
export const general = mode(
  "general",
  [stays, socketsAtPeak({ state: "CLOSE-WAIT" }, atLeast(1)).because("there is one")],
  { overlaps: { "leak/buggy": "it is the same" } },
);
export const slow = mode("slow", [
  socketsStay({ state: "CLOSE-WAIT" }, atLeast(5), { forMs: 9000 }).because("it takes long"),
]);
export const resets = mode("resets", [
  counterMoved({ counter: "TcpOutRsts" }, atLeast(3)).because("somebody resets"),
]);
export const idle = mode(
  "idle",
  [socketsAtPeak({ state: "ESTABLISHED" }, atLeast(5)).because("they are idle")],
  { visible: { as: "remark", because: "a healthy one looks the same" } },
);
export const hidden = mode("hidden", [], { visible: { as: "no", because: "nothing shows it" } });

/** `count` sockets in CLOSE-WAIT at the listener of port 8080. */
export const closeWait = (count: number, changes: Partial<SocketGroup> = {}): SocketGroup =>
  group("CLOSE-WAIT", "listener", count, changes);
