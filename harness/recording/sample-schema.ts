import * as z from "zod";
import { FAILURE_PHASES, type Sample } from "../model/sample.ts";
import { TCP_FLAGS } from "../model/segment.ts";
import type { UnknownNumber } from "../model/state.ts";
import type { Agreement } from "./agreement.ts";
import { phaseName, side, tcpState } from "./setup-schema.ts";
import { strict } from "./strict.ts";

const name = z.string().min(1);
const count = z.int().min(0);
const ms = z.number().min(0);
/** Samples are also taken before the first phase of a setup. */
export const momentPhase = z.enum(["setup", ...phaseName.options]);
const moment = { atUs: z.int(), phase: momentPhase };

const tcpInfo = strict({
  rttUs: count,
  rtoUs: count,
  sendMssBytes: count,
  congestionWindow: count,
  unacked: count,
  sacked: count.exactOptional(),
  lastDataSentMs: count,
  lastDataReceivedMs: count,
  lastAckReceivedMs: count.exactOptional(),
  totalRetransmits: count,
  bytesAcked: count,
  bytesReceived: count,
  bytesSent: count.exactOptional(),
  dataSegmentsSent: count.exactOptional(),
  notSentBytes: count.exactOptional(),
});

const unknownNumber = z.custom<UnknownNumber>(
  (text) => typeof text === "string" && /^unknown-\d+$/.test(text),
);

const socketExample = strict({
  local: z.string(),
  remote: z.string(),
  receiveQueueBytes: count,
  sendQueueBytes: count,
  timerMs: ms,
  retransmits: count,
  uid: count,
  inode: count,
  pids: z.array(count),
  descriptor: count.exactOptional(),
  peer: z.enum(["held", "gone"]).exactOptional(),
  tcpInfo: tcpInfo.exactOptional(),
});

export const queue = z.enum(["empty", "holding"]);
export const timer = z.enum(["none", "on", "keepalive", "timewait", "persist", "delack"]);
export const owner = z.enum(["none", "listener", "process", "shared", "unseen"]);
export const exchanged = z.enum(["nothing", "sent", "received", "both"]);
export const fate = z.enum(["passed", "dropped", "held", "duplicated", "corrupted", "lost", "cut"]);

const sockets = strict({
  ...moment,
  kind: z.literal("sockets"),
  host: name,
  groups: z.array(
    strict({
      state: z.union([tcpState, unknownNumber], { error: "expected a TCP state, or unknown-NUMBER" }),
      side,
      port: count,
      timer: z.union([timer, unknownNumber], {
        error: "expected a timer as ss -o names it, or unknown-NUMBER",
      }),
      receiveQueue: queue,
      sendQueue: queue,
      owner,
      exchanged: exchanged.exactOptional(),
      count,
      examples: z.array(socketExample).max(20),
    }),
  ),
});

const listeners = strict({
  ...moment,
  kind: z.literal("listeners"),
  host: name,
  listeners: z.array(
    strict({
      address: z.string(),
      port: count,
      queue: count,
      backlog: count,
      inode: count,
      pids: z.array(count).exactOptional(),
    }),
  ),
});

const counters = strict({
  ...moment,
  kind: z.literal("counters"),
  host: name,
  deltas: z.record(z.string(), z.number()),
});

const waits = strict({ threads: count, main: name, others: z.record(name, count) });

const processes = strict({
  ...moment,
  kind: z.literal("processes"),
  host: name,
  processes: z.array(
    strict({
      pid: count,
      parentPid: count,
      program: z.string(),
      name: z.string(),
      state: z.string().exactOptional(),
      leaderEnded: z.boolean().exactOptional(),
      descriptors: count,
      descriptorLimit: count.exactOptional(),
      sockets: count,
      socketsWithoutRow: count.exactOptional(),
      rssBytes: count,
      cpuMs: ms,
      kernelMs: ms.exactOptional(),
      ageMs: ms.exactOptional(),
      waits: waits.nullable().exactOptional(),
    }),
  ),
  shared: z.array(strict({ inode: count, pids: z.array(count) })).max(20),
  sharedCount: count,
});

const failure = strict({
  phase: z.enum(FAILURE_PHASES),
  code: name,
  call: z.string(),
});

// The figures are what a program printed. It can be a user's own program, so any number is accepted.
const attempt = strict({
  ...moment,
  kind: z.literal("attempt"),
  program: name,
  attempt: z.number(),
  connection: z.number(),
  localPort: z.number().nullable(),
  connectMs: z.number().nullable(),
  firstByteMs: z.number().nullable(),
  totalMs: z.number().nullable(),
  outcome: z.union([z.enum(["ok", "never begun"]), failure], {
    error: 'expected "ok", "never begun", or { phase, code, call }',
  }),
});

const outcomes = z.record(z.string(), count);

/** An HdrHistogram in the compressed V2 encoding, in base64. Its content is not checked here. */
const histogram = z.string().min(1);

const load = strict({
  ...moment,
  kind: z.literal("load"),
  program: name,
  thread: count,
  second: count,
  outcomes,
  connections: count,
  connect: histogram.nullable(),
  firstByte: histogram.nullable(),
  total: histogram,
  pacing: histogram.nullable(),
});

const loadEnd = strict({
  ...moment,
  kind: z.literal("load-end"),
  program: name,
  thread: count,
  seconds: ms,
  outcomes,
  okInTime: count,
  connections: count,
  warmUp: strict({ outcomes, connections: count }),
  neverBegun: count,
  endedBy: strict({ clientFin: count, serverFin: count, reset: count }).nullable(),
  backedOffMs: ms,
  cpuMs: ms,
  longestLagMs: ms,
});

const uint32 = z.int().min(0).max(0xffff_ffff);

const packet = strict({
  ...moment,
  kind: z.literal("packet"),
  link: count,
  from: name,
  to: name,
  connection: count,
  fromPort: count,
  toPort: count,
  flags: z.array(z.enum(TCP_FLAGS)),
  sequence: uint32,
  acknowledgement: uint32.nullable(),
  windowBytes: count,
  payloadBytes: count,
  options: strict({
    mssBytes: count.exactOptional(),
    windowScale: count.exactOptional(),
    sackPermitted: z.literal(true).exactOptional(),
    sack: z.array(z.tuple([uint32, uint32])).exactOptional(),
    timestamps: strict({ value: uint32, echo: uint32 }).exactOptional(),
    fastOpenCookie: z.string().exactOptional(),
  }),
  fate,
  rule: name.nullable(),
  sentUs: z.int().nullable(),
});

const wire = strict({
  ...moment,
  kind: z.literal("wire"),
  link: count,
  frames: count,
  malformed: count,
  lostFrames: count,
  untoldSegments: count,
  rules: z.array(strict({ rule: name, segments: count })),
  unfinished: z.array(strict({ connection: count, step: count, unmet: z.boolean() })).exactOptional(),
});

const report = strict({
  ...moment,
  kind: z.literal("report"),
  program: name,
  report: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null()], { error: "expected a plain value" }),
  ),
});

const program = strict({
  ...moment,
  kind: z.literal("program"),
  program: name,
  event: z.enum(["started", "ready", "exited", "failed"]),
  pid: count.nullable(),
  port: count.exactOptional(),
  code: z.int().nullable().exactOptional(),
  signal: z.string().nullable().exactOptional(),
  lastLines: z.array(z.string()).exactOptional(),
  standardError: z.string().exactOptional(),
  because: z.string().exactOptional(),
});

const phase = strict({
  ...moment,
  kind: z.literal("phase"),
  event: z.enum(["begin", "end"]),
  met: z.boolean().exactOptional(),
});

const intervention = strict({
  ...moment,
  kind: z.literal("intervention"),
  name,
  done: z.boolean(),
  because: z.string().exactOptional(),
});

const fault = strict({ ...moment, kind: z.literal("fault"), because: z.string() });

const taskTime = strict({ ranUs: count, waitedUs: count });
const tasks = {
  trial: taskTime.exactOptional(),
  programs: z.record(z.string(), taskTime),
  wires: z.array(taskTime.nullable()),
};

const pressure = strict({
  ...moment,
  kind: z.literal("pressure"),
  someWaitedUs: count.exactOptional(),
  suspendedUs: count,
  lookLateUs: count,
  turnLateUs: count,
  ...tasks,
  threads: strict(tasks).exactOptional(),
  stolenUs: count.exactOptional(),
});

const cost = strict({
  ...moment,
  kind: z.literal("cost"),
  trialCpuMs: ms,
  programsCpuMs: ms.exactOptional(),
  observers: z.record(
    z.string(),
    strict({ looks: count, totalMs: ms, longestMs: ms, cpuMs: ms.exactOptional() }),
  ),
});

const end = strict({
  ...moment,
  kind: z.literal("end"),
  reason: z.enum(["completed", "interrupted", "fault"]),
});

/** A line of a recording after the first. Strict: only this program writes recordings, so an unknown key means damage. */
export const sampleSchema = z.discriminatedUnion("kind", [
  sockets,
  listeners,
  counters,
  processes,
  attempt,
  load,
  loadEnd,
  packet,
  wire,
  report,
  program,
  phase,
  intervention,
  fault,
  pressure,
  cost,
  end,
]);

/** The kinds of samples. */
export const SAMPLE_KINDS = sampleSchema.options.map((one) => one.shape.kind.value);

true satisfies Agreement<z.infer<typeof sampleSchema>, Sample>;
