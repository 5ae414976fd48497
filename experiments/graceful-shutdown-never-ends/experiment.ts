import {
  atLeast,
  atMost,
  attemptsOk,
  conversations,
  exactly,
  failureMode,
  processStays,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Bound,
  type Claim,
  type Recording,
  type Setup,
  type SocketGroup,
  type Sockets,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 23;
/** How long a client keeps its connection after its answer. */
const HOLD_MS = 3500;
const STAY_MS = 1500;
/** A connection over which something came or went a moment ago is in use. */
const IDLE_US = 1_000_000;
/** One connection can be left to a program that takes only one. */
const LEAST = 5;

function setup(server: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: `graceful-shutdown-never-ends/${server} --port 8080` },
    clients: {
      load: `clients/long-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency 97 --hold-ms ${HOLD_MS}`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 300 } },
    interventions: [
      {
        name: "stop",
        phase: "load",
        when: {
          heldForMs: 300,
          condition: { sockets: { host: "server", state: "ESTABLISHED", port: 8080 }, atLeast: CLIENTS },
        },
        do: { signal: "SIGTERM", program: "server" },
      },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 1000, processes: 100 },
    tcpInfo: true,
  });
}

/** Nothing is under way over it, and no answer is owed to a client that has asked for the first time. */
const idle = {
  state: "ESTABLISHED",
  side: "listener",
  owner: "listener",
  receiveQueue: "empty",
  sendQueue: "empty",
  timer: ["none", "keepalive"],
  exchanged: ["nothing", "sent", "both"],
} as const satisfies Sockets;

function isIdle({ state, side, owner, receiveQueue, sendQueue, timer, exchanged }: SocketGroup): boolean {
  return (
    state === idle.state &&
    side === idle.side &&
    owner === idle.owner &&
    receiveQueue === "empty" &&
    sendQueue === "empty" &&
    (timer === "none" || timer === "keepalive" || timer === "delack") &&
    exchanged !== "received"
  );
}

/** A port on which nobody listens any more, though connections of it are idle. */
interface Deserted {
  port: number;
  count: number;
  fromUs: number;
  toUs: number;
}

/** The longest time for which a port had idle connections and no listener, from look to look without a break. */
function longestDeserted(view: View): Deserted | null {
  let longest: Deserted | null = null;
  const open = new Map<number, Deserted>();
  for (const { atUs, groups } of samplesOf(view, "sockets")) {
    const listened = new Set(groups.flatMap(({ state, port }) => (state === "LISTEN" ? [port] : [])));
    const counts = new Map<number, number>();
    for (const { port, count } of groups.filter(isIdle)) counts.set(port, (counts.get(port) ?? 0) + count);
    for (const port of open.keys())
      if (listened.has(port) || (counts.get(port) ?? 0) < LEAST) open.delete(port);
    for (const [port, count] of counts) {
      if (listened.has(port) || count < LEAST) continue;
      const fromUs = open.get(port)?.fromUs ?? atUs;
      const one = { port, count, fromUs, toUs: atUs };
      open.set(port, one);
      if (longest === null || atUs - fromUs > longest.toUs - longest.fromUs) longest = one;
    }
  }
  return longest;
}

function isEnding(view: View): Answer {
  const found = longestDeserted(view);
  if (found === null || found.toUs - found.fromUs < STAY_MS * 1000) {
    return { holds: false, observed: "somebody listens on every such port" };
  }
  const { port, count, fromUs, toUs } = found;
  const all = conversations(view);
  if (all === null) return { holds: null, observed: "it was not recorded what was sent over them (tcpInfo)" };
  const inUse = all.filter(
    ({ side, port: own, lastUs, sentUs, receivedUs }) =>
      side === "listener" &&
      own === port &&
      lastUs > fromUs &&
      (lastUs - Math.max(sentUs ?? 0, receivedUs ?? 0) < IDLE_US || (receivedUs ?? 0) > (sentUs ?? 0)),
  );
  const during = `${((toUs - fromUs) / 1e6).toFixed(1)} s`;
  return {
    holds: inUse.length === 0,
    observed: `nobody listened on port ${port} for ${during}, and ${count} of its connections stood, of which ${inUse.length} recorded ones were in use`,
  };
}

const deserted: SymptomExpectation = {
  claim: `for ${STAY_MS / 1000} s or longer a process has at least ${LEAST} idle connections of a port on which nobody listens`,
  because:
    "it has listened there, or it would not have them, and has stopped: what keeps it is waiting for clients that need nothing",
  needs: ["sockets"],
  test: isEnding,
};

/** From the signal to the end of the server, as the trial saw it. */
function lastedMs(recording: Recording): number | null {
  const signal = recording.samples.find((one) => one.kind === "intervention");
  const end = recording.samples.find(
    (one) => one.kind === "program" && one.program === "server" && one.event === "exited",
  );
  return signal === undefined || end === undefined ? null : (end.atUs - signal.atUs) / 1000;
}
const lasted = (bound: Bound): Claim<Recording> =>
  quantity("milliseconds from SIGTERM to the end of the server", { needs: ["program"], of: lastedMs }, bound);

const answered = attemptsOk({ program: "load" }, exactly(CLIENTS)).because("every client has its answer");

export const experiment = failureMode({
  id: "graceful-shutdown-never-ends",
  title: "A graceful end that waits for idle connections",
  question: "Why is a process still there, long after SIGTERM?",
  tags: ["shutdown", "keep-alive", "deploy"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the server waits until its clients close",
      setup: setup("buggy"),
      exact: [
        answered,
        lasted(atLeast(2000)).because("it ends when the last client has closed, and not before"),
        socketsStay({ host: "server", port: 8080, ...idle }, exactly(CLIENTS), { forMs: 2000 }).because(
          "no timer ends an established connection, and neither end has a reason to",
        ),
      ],
    },
    fixed: {
      summary: "the server ends the idle connections",
      setup: setup("fixed"),
      exact: [
        answered,
        lasted(atMost(2000)).because("its last connection ends when the clients answer its FIN"),
        socketsAtEndOf("drain", { host: "server", state: "ESTABLISHED" }, exactly(0)).because(
          "all have ended",
        ),
      ],
    },
    "fixed-by-deadline": {
      summary: "the server waits for half a second, and no longer",
      setup: setup("fixed-by-deadline"),
      exact: [
        answered,
        lasted(atMost(2000)).because("its deadline is half a second"),
        socketsAtEndOf("drain", { host: "server", state: "ESTABLISHED" }, exactly(0)).because(
          "the kernel closes what a process leaves behind",
        ),
      ],
    },
  },
  symptom: [
    socketsStay(idle, atLeast(LEAST), { forMs: STAY_MS }).because(
      "a process holds connections over which nothing goes",
    ),
    deserted,
    processStays({ holds: { state: "ESTABLISHED", side: "listener" } }, "sleeping", {
      forMs: STAY_MS,
    }).because("it waits: nothing is left to do"),
  ],
  overlaps: {},
});
