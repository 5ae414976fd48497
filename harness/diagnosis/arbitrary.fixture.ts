import fc from "fast-check";
import type { View } from "../model/expectation.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import type { ThreadWaits } from "../model/thread-waits.ts";
import { type Owner, TCP_STATES } from "../model/state.ts";
import type { Subject } from "../model/subject.ts";
import { at, countersAt, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import type { Examination, Patient } from "./examine.ts";
import { family } from "./hand-made.fixture.ts";

// Examinations as they could be read, with addresses and names that occur nowhere else.

const PORTS = [80, 8080, 5432];
const pick = <const T>(...all: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...all);
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: 16 ** digits - 1 }).map((number) => number.toString(16));
const byte = fc.integer({ min: 1, max: 250 });

/** Addresses that are private, public or link-local, and not those of documentation, loopback or nobody. */
export const foreignAddress = fc.oneof(
  fc.tuple(pick("10", "172", "8"), byte, byte, byte).map((bytes) => bytes.join(".")),
  fc.tuple(pick("fe80", "fd00"), hex(4), hex(4)).map(([a, b, c]) => `${a}::${b}:${c}`),
);
/** A foreign address, perhaps of an IPv4 peer of an IPv6 socket; or one that redaction leaves. */
const address = fc.oneof(
  { weight: 6, arbitrary: foreignAddress },
  { weight: 1, arbitrary: foreignAddress.map((one) => (one.includes(":") ? one : `::ffff:${one}`)) },
  { weight: 1, arbitrary: pick("127.0.0.1", "::1", "0.0.0.0", "::") },
);
/** The name of a process: at most 15 bytes, as the kernel keeps them. */
export const foreignName = hex(6).map((text) => `zq${text}qz x`);

const count = fc.integer({ min: 0, max: 60 });
const end = fc
  .tuple(address, pick(...PORTS, 40_001, 40_002))
  .map(([host, port]) => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`));

const tcpInfo: fc.Arbitrary<TcpInfoExcerpt> = fc.record({
  rttUs: count,
  rtoUs: count,
  sendMssBytes: count,
  congestionWindow: count,
  unacked: count,
  lastDataSentMs: fc.integer({ min: 0, max: 9000 }),
  lastDataReceivedMs: fc.integer({ min: 0, max: 9000 }),
  totalRetransmits: count,
  bytesAcked: count,
  bytesReceived: count,
});

const example: fc.Arbitrary<SocketExample> = fc.record(
  {
    local: end,
    remote: end,
    receiveQueueBytes: count,
    sendQueueBytes: count,
    timerMs: count,
    retransmits: count,
    uid: count,
    inode: fc.integer({ min: 0, max: 9 }),
    pids: fc.array(pick(7, 8, 9), { maxLength: 2 }),
    tcpInfo,
  },
  {
    requiredKeys: [
      "local",
      "remote",
      "receiveQueueBytes",
      "sendQueueBytes",
      "timerMs",
      "retransmits",
      "uid",
      "inode",
      "pids",
    ],
  },
);

const group: fc.Arbitrary<SocketGroup> = fc.record({
  state: pick(...TCP_STATES),
  side: pick("listener", "connector"),
  port: pick(...PORTS),
  timer: pick("none", "on", "keepalive", "timewait", "persist"),
  receiveQueue: pick("empty", "holding"),
  sendQueue: pick("empty", "holding"),
  owner: pick<Owner>("none", "listener", "process", "shared", "unseen"),
  count,
  examples: fc.array(example, { maxLength: 4 }),
});

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc
    .tuple(pick(7, 8, 9), foreignName, fc.subarray(PORTS))
    .map(([pid, name, ports]) => ({ ...family(pid, name, ports), name: `${name.replace(" ", "_")}-${pid}` })),
  fc.record({
    kind: fc.constant("remains" as const),
    name: pick("port-80", "to-8080"),
    side: pick("listener", "connector"),
    port: pick(...PORTS),
    isHeld: fc.boolean(),
  }),
);

const counters = fc.dictionary(pick("TcpOutRsts", "TcpExtListenOverflows", "TcpExtTCPTimeouts"), count);
const LOOKS = [0, 1000, 2000, 3000];

const wait = pick("running", "unknown", "ep_poll", "futex_do_wait", "zq_wait");
/** What threads do: of some of them it was not read. */
const waits: fc.Arbitrary<ThreadWaits> = fc.record({
  threads: fc.integer({ min: 200, max: 300 }),
  main: wait,
  others: fc.dictionary(wait, fc.integer({ min: 1, max: 12 })),
});

/** What was read of a subject in each look. The groups stay the same in half of the looks. */
function patientOf(of: Subject): fc.Arbitrary<Patient> {
  const look = fc.record({
    groups: fc.array(group, { maxLength: 4 }),
    name: foreignName,
    address,
    queue: count,
    counters,
    waits: fc.option(waits),
  });
  return fc.tuple(look, look).map(([first, later]) => ({
    subject: of,
    pids: new Set(of.kind === "family" ? of.pids : []),
    view: {
      host: of.name,
      sysctls: { "net.core.somaxconn": "4096" },
      samples: LOOKS.flatMap((ms): View["samples"] => {
        const one = ms < 2000 ? first : later;
        const listener = {
          address: one.address,
          port: 8080,
          queue: one.queue,
          backlog: 5,
          inode: 3,
          pids: [7],
        };
        return [
          processesAt(
            at(ms),
            of.name,
            [{ pid: 7, name: one.name, program: "", waits: one.waits }],
            [{ inode: 3, pids: [7, 8] }],
          ),
          { ...at(ms), kind: "listeners", host: of.name, listeners: [listener] },
          socketsAt(at(ms), of.name, one.groups),
          countersAt(at(ms), of.name, one.counters),
        ];
      }),
    },
  }));
}

/** An examination of up to four subjects with different names. */
export const anyExamination: fc.Arbitrary<Examination> = fc
  .uniqueArray(subject, { maxLength: 4, selector: ({ name }) => name })
  .chain((subjects) =>
    fc.record({
      seconds: fc.double({ min: 3, max: 4, noNaN: true }),
      looks: fc.constant(LOOKS.length),
      longestLookMs: fc.double({ min: 0, max: 50, noNaN: true }),
      unseenSockets: count,
      unread: fc.array(fc.record({ pid: count, name: foreignName }), { maxLength: 2 }),
      lack: pick(null, null, null, "the machine is starved"),
      patients: fc.tuple(...subjects.map(patientOf)),
      whole: patientOf({ kind: "namespace", name: "here" }),
    }),
  );

/** Every foreign address and name in something that was made from these arbitraries. */
export function foreignIn(value: unknown): string[] {
  const text = JSON.stringify(value, (_, one: unknown) => (one instanceof Set ? [...one] : one));
  const addresses = text.match(/(?:fe80|fd00)::[0-9a-f]+:[0-9a-f]+|\b(?:10|172|8)(?:\.\d+){3}/g) ?? [];
  const names = text.match(/zq[0-9a-f]+qz/g) ?? [];
  return [...new Set([...addresses, ...names])];
}
