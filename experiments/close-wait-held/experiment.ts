import {
  atLeast,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  processSeries,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  times,
  type ExactExpectation,
  type Recording,
  type Setup,
  type Sockets,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Three kinds of clients: those that ask, end their direction and do not read; those that only end their direction; those that read. */
const ROGUES = 23;
const LEAVERS = 47;
const READERS = 3;
const LINE = 97;
const ANSWER = 997_000;
/** How long nothing leaves the send queue: longer than the cure waits, and shorter than the drain. */
const HELD_MS = 3000;
/** How long they stay for a symptom: longer than the cure waits, and short enough for the looks of a few seconds. */
const STAY_MS = 2000;

/** The same program three times: in a census the ports distinguish the clients. */
const PORTS = { rogues: 8080, leavers: 8081, readers: 8082 } as const;

function setup(server: string): Setup {
  const to = (port: number): string => `connect {server}:${port}`;
  const ask = `send ${LINE}`;
  return setupOf({
    // The kernel buffers little of an answer: the rest stays in the program.
    hosts: { server: { "net.ipv4.tcp_wmem": "4096 16384 16384" } },
    servers: {
      server: `${server} --port ${PORTS.rogues}`,
      "server-left": `${server} --port ${PORTS.leavers}`,
      "server-read": `${server} --port ${PORTS.readers}`,
    },
    clients: {
      client: {
        run: [
          "clients/calls",
          ...times(READERS, [to(PORTS.readers), ask, "shutdown write", "recv end", "close"]),
          ...times(LEAVERS, [to(PORTS.leavers), "shutdown write", "keep"]),
          ...times(ROGUES, ["set SO_RCVBUF 4096", to(PORTS.rogues), ask, "shutdown write", "keep"]),
          "stay",
        ],
        withinMs: 60_000,
      },
    },
    phases: {
      load: {
        until: { sockets: { host: "server", state: "CLOSE-WAIT", port: PORTS.rogues }, atLeast: ROGUES },
        withinMs: 15_000,
      },
      drain: { elapsedMs: 4500 },
    },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 200 },
  });
}

const waiting = { host: "server", state: "CLOSE-WAIT", side: "listener", port: PORTS.rogues } as const;
const held: Sockets = { ...waiting, sendQueue: "holding", owner: "listener" };

const others: ExactExpectation[] = [
  callsEnded({ program: "client", call: "recv" }, ANSWER, exactly(READERS)).because(
    "a client that reads gets all of it, though it had ended its own direction before",
  ),
  socketsAtEndOf("drain", { ...waiting, port: PORTS.leavers }, exactly(0)).because(
    "to a FIN alone this program answers with its own, at once",
  ),
  socketsAtEndOf(
    "drain",
    { host: "client", state: "TIME-WAIT", side: "connector", port: PORTS.leavers },
    exactly(LEAVERS),
  ).because("so the client has the TIME-WAIT"),
];

/** Descriptors that the server of the rogues has at the end of the drain beyond those of the server of the leavers. */
const descriptorsHeld = (count: number, because: string): ExactExpectation =>
  quantity(
    "descriptors held for rogues at the end",
    {
      needs: ["processes"],
      of: (recording: Recording) => {
        const held = (program: string): number | undefined =>
          processSeries(recording, { host: "server", program }, "sockets").during("drain").last?.value;
        const [rogues, leavers] = [held("server"), held("server-left")];
        return rogues === undefined || leavers === undefined ? null : rogues - leavers;
      },
    },
    exactly(count),
  ).because(because);

export const experiment = failureMode({
  id: "close-wait-held",
  title: "CLOSE-WAIT with an answer that nobody takes",
  question: "Can a client keep a server in CLOSE-WAIT even if the server closes its connections?",
  tags: ["close-wait", "hostile", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the server closes when its answer has left, and waits without a limit",
      setup: setup("close-wait-held/buggy"),
      exact: [
        ...others,
        socketsStay(held, exactly(ROGUES), { forMs: HELD_MS }).because(
          "the FIN follows the last byte, and the program has not handed that byte to the kernel yet",
        ),
        socketsAtEndOf("drain", { ...held, timer: "persist" }, exactly(ROGUES)).because(
          "the client has closed its window, and answers each window probe",
        ),
        descriptorsHeld(ROGUES, "each is a socket, a descriptor and the rest of an answer in memory"),
        counterMoved({ host: "server", counter: "TcpExtTCPWinProbe" }, atLeast(3 * ROGUES)).because(
          "the server's kernel asks whether there is room now, and the client's kernel answers that there is none",
        ),
        counterStill({ host: "client", counter: "TcpOutRsts" }).because("the client does nothing more"),
      ],
    },
    fixed: {
      summary: "the server resets a connection on which nothing has moved for a second",
      setup: setup("close-wait-held/fixed"),
      exact: [
        ...others,
        socketsAtPeak(held, exactly(ROGUES)).because("the server gives every client a second"),
        socketsAtEndOf("drain", waiting, exactly(0)).because("after that second each connection is reset"),
        counterMoved({ host: "server", counter: "TcpOutRsts" }, exactly(ROGUES)).because(
          "a reset discards the queue; close() would leave it to the kernel, in LAST-ACK",
        ),
        descriptorsHeld(0, "nothing of them is left"),
      ],
    },
  },
  symptom: [
    socketsStay(
      {
        state: "CLOSE-WAIT",
        side: "listener",
        sendQueue: "holding",
        timer: "persist",
        owner: ["listener", "process"],
      },
      atLeast(5),
      { forMs: STAY_MS },
    ).because(
      "a program has data for a peer that has ended its direction, and the peer's window is closed: it reads nothing",
    ),
  ],
  overlaps: {},
});
