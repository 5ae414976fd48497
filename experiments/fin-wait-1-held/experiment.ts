import {
  atLeast,
  exactly,
  failureMode,
  neverSeen,
  quantity,
  segmentsRepeated,
  segmentsSeen,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  times,
  windowProbes,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Setup,
  type ShortProgram,
  type Sockets,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that send nothing after their handshake, and clients that are reachable and do not read. */
const SILENT = 7;
const IDLE = 5;
const ALL = SILENT + IDLE;
/** How long they stay for a symptom: longer than the cures wait, and short enough for the looks of a few seconds. */
const STAY_MS = 2000;

/** The wires in the order of the setup: to the host that is silent, and to the one that does not read. */
const SILENT_WIRE = 0;
const IDLE_WIRE = 1;

function clients(host: string, count: number): ShortProgram {
  // A small window: it closes after three segments, and the silent clients are sent no more than that.
  const one = ["set SO_RCVBUF 4096", "connect {server}:8080", "keep"];
  return { run: ["clients/calls", ...times(count, one), "stay"], host, withinMs: 60_000 };
}

function setup(server: string): Setup {
  return setupOf({
    hosts: {
      server: {
        // The kernel takes the whole answer at once, so end() and close() return when nearly nothing of it has left.
        "net.ipv4.tcp_wmem": "4096 262144 262144",
        "net.ipv4.tcp_orphan_retries": "0",
        "net.ipv4.tcp_retries2": "15",
      },
    },
    links: [
      {
        kind: "wire",
        // Everything that the server sends after its SYN-ACK is lost, and the client sends nothing.
        rules: [{ name: "silence", match: { from: "server", without: ["SYN"] }, do: { drop: true } }],
      },
      { kind: "wire", between: ["idle", "server"], seed: 1 },
    ],
    servers: { server: `${server} --port 8080` },
    clients: { silent: clients("client", SILENT), idle: clients("idle", IDLE) },
    phases: {
      load: {
        until: { sockets: { host: "server", state: "FIN-WAIT-1", port: 8080 }, atLeast: ALL },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 4000 },
    },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 200 },
  });
}

const left = { host: "server", state: "FIN-WAIT-1", port: 8080, sendQueue: "holding" } as const;
const orphans: Sockets = { ...left, owner: "none" };
const open = { state: "ESTABLISHED", side: "connector", port: 8080 } as const;

/** The server's probes of a closed window, without those at the end, when the programs are stopped. */
const probes = (link: number, bound: Bound, reason: string): ExactExpectation =>
  quantity(
    `window probes to the ${link === SILENT_WIRE ? "silent" : "idle"} clients`,
    windowProbes(link),
    bound,
  ).because(reason);

/**
 * The largest number, in one look, of recorded sockets that are closed, have more to send than the FIN, and do not get on: the peer's window
 * is closed, or the last segment was repeated. A slow client that takes its answer has neither.
 */
function unsent(evidence: Evidence): number {
  const looks = samplesOf(evidence, "sockets").map((sample) =>
    sample.groups
      .filter(({ state, owner }) => state === "FIN-WAIT-1" && owner === "none")
      .flatMap(({ timer, examples }) => examples.map((example) => ({ timer, ...example })))
      .filter(({ timer, retransmits }) => timer === "persist" || retransmits > 0)
      .filter(({ sendQueueBytes }) => sendQueueBytes > 1),
  );
  return Math.max(0, ...looks.map((rows) => rows.length));
}

export const experiment = failureMode({
  id: "fin-wait-1-held",
  title: "FIN-WAIT-1 with an answer that nobody takes",
  question: "What happens to an answer that the kernel has taken and the client does not take?",
  tags: ["close", "fin-wait-1", "orphans", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the program closes when the kernel has taken the answer",
      setup: setup("fin-wait-1-held/buggy"),
      exact: [
        socketsAtEndOf("drain", { ...orphans, timer: "on" }, exactly(SILENT)).because(
          "the data sent to a silent client is sent again, and the FIN waits behind it",
        ),
        socketsAtEndOf("drain", { ...orphans, timer: "persist" }, exactly(IDLE)).because(
          "an idle client has acknowledged what it has room for, and closed its window",
        ),
        segmentsRepeated({ link: SILENT_WIRE, from: "server", payload: "some" }, atLeast(2 * SILENT)).because(
          "the retransmission timer doubles its time after each repetition",
        ),
        probes(SILENT_WIRE, exactly(0), "a probe is for a closed window, and here no window was closed"),
        probes(IDLE_WIRE, atLeast(3 * IDLE), "the persist timer doubles its time after each probe"),
        segmentsSeen({ link: IDLE_WIRE, from: "server", flags: ["FIN"], phase: "drain" }, exactly(0)).because(
          "the FIN follows the last byte, which the closed window holds back",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(IDLE)).because(
          "no FIN has come: for these clients the answer is still on its way",
        ),
      ],
    },
    fixed: {
      summary: "the program keeps the connection until the client has closed, and resets it after 1.5 s",
      setup: setup("fin-wait-1-held/fixed"),
      exact: [
        socketsAtPeak({ ...left, owner: "listener" }, exactly(ALL)).because(
          "after end() they wait for the client as before, but the program still holds them",
        ),
        neverSeen(orphans).because("the program never leaves them to the kernel"),
        socketsAtEndOf("drain", left, exactly(0)).because("a reset discards the queued data"),
        segmentsSeen({ from: "server", flags: ["RST"], phase: "drain" }, exactly(ALL)).because(
          "one for each connection, at its deadline",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(0)).because(
          "the idle clients get the RST: their next call fails",
        ),
      ],
    },
    "fixed-by-user-timeout": {
      summary: "the kernel gives up after 1.5 s without progress: TCP_USER_TIMEOUT",
      setup: setup("fin-wait-1-held/fixed-by-user-timeout"),
      exact: [
        socketsAtPeak(orphans, exactly(ALL)).because("the program closes, and the kernel goes on alone"),
        socketsAtEndOf("drain", left, exactly(0)).because(
          "the option stays on the socket after close(), and both timers obey it",
        ),
        segmentsSeen({ from: "server", flags: ["RST"], phase: "drain" }, exactly(0)).because(
          "the kernel gives up and sends nothing",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(IDLE)).because(
          "the idle clients do not learn of it: they wait for the rest of the answer",
        ),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "FIN-WAIT-1", owner: "none", sendQueue: "holding" }, atLeast(5), {
      forMs: STAY_MS,
    }).because("a FIN-WAIT-1 ends within a round trip if the other end takes the data"),
    quantity(
      "connections in FIN-WAIT-1 without a process, with more than the FIN to send, that do not get on",
      { needs: ["sockets"], of: unsent },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("the program has closed as if it had answered, but the kernel still has the answer"),
  ],
  overlaps: {},
});
