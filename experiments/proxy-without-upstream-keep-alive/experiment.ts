import {
  atLeast,
  atMost,
  attemptsOk,
  between,
  byAddress,
  byProcess,
  connections,
  conversations,
  counterDelta,
  counterMoved,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  type Answer,
  type Conversation,
  type Recording,
  type Setup,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const REQUESTS = 97;
/** Requests at the same time, and therefore connections of the client. */
const AT_ONCE = 7;
/** The kernel can choose a port of the proxy again. That ends its TIME-WAIT at the backend: at most so many. */
const MOST_TAKEN_OVER = 7;
/** Connections to the backend that were seen at work. */
const LEAST = 10;
/** A connection of a pool stands for longer; one that is made for a request is gone. */
const SHORT_US = 500_000;
/** One exchange takes a segment, or a few with TLS or a large request. */
const MOST_SEGMENTS = 5;

function setup(proxy: string): Setup {
  return setupOf({
    // TIME-WAIT sockets are counted, so they must not be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: { client: {}, server: {}, backend: {} },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["server", "backend"] },
    ],
    servers: {
      backend: { run: "proxy-without-upstream-keep-alive/backend --port 9090", host: "backend" },
      server: `proxy-without-upstream-keep-alive/${proxy} --port 8080 --to {backend}:9090`,
    },
    clients: {
      load: `clients/long-http --to {server}:8080 --attempts ${REQUESTS} --rate 40 --concurrency ${AT_ONCE} --hold-ms 300`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 200, listeners: 1000, counters: 1000, processes: 400 },
    tcpInfo: true,
  });
}

interface Unpooled {
  remote: string;
  seen: number;
  answers: number;
}

const stood = ({ firstUs, lastUs }: Conversation): number => lastUs - firstUs;

/** Whether a process answers again and again over the same connections, and makes one to a backend for each request. */
function unpooledOf(own: Conversation[]): Unpooled | null {
  const kept = own.filter((one) => one.side === "listener" && stood(one) >= SHORT_US);
  const answers = kept.reduce(
    (sum, { segmentsFirst, segmentsLast }) => sum + (segmentsLast ?? 0) - (segmentsFirst ?? 0),
    0,
  );
  for (const [remote, used] of byAddress(own)) {
    const isForOne = (one: Conversation): boolean =>
      stood(one) < SHORT_US && one.sentUs !== null && (one.segmentsLast ?? 1) <= MOST_SEGMENTS;
    // One that was caught before its request was sent says nothing.
    const sent = used.filter(({ sentUs }) => sentUs !== null);
    if (answers >= LEAST && sent.length >= LEAST && sent.every(isForOne)) {
      return { remote, seen: sent.length, answers };
    }
  }
  return null;
}

function isUnpooled(view: View): Answer {
  const all = conversations(view);
  if (all === null) return { holds: null, observed: "it was not recorded what was sent over them (tcpInfo)" };
  const opened = counterDelta(view, { counter: "TcpActiveOpens" });
  for (const [pid, own] of byProcess(all)) {
    const found = unpooledOf(own);
    if (found === null || opened === null) continue;
    const { remote, seen, answers } = found;
    return {
      holds: opened * 2 >= answers,
      observed: `pid ${pid} sent ${answers} answers over connections that stood, and had ${seen} connections to ${remote}, none of which was seen for half a second; ${opened} were opened`,
    };
  }
  return { holds: false, observed: "no process has such connections" };
}

const unpooled: SymptomExpectation = {
  claim: `one process answers again and again over the same connections, and has at least ${LEAST} connections to one address, each for one request`,
  because: "its clients keep their connections, and it keeps none to the service that it asks for them",
  needs: ["sockets", "counters"],
  test: isUnpooled,
};

/** TIME-WAIT of the backend's port, at both ends together, in the last sample of each: either the proxy or the backend closes first. */
function timeWait(recording: Recording): number {
  return ["server", "backend"]
    .flatMap((host) => samplesOf(recording, "sockets", host).at(-1)?.groups ?? [])
    .filter(({ state, port }) => state === "TIME-WAIT" && port === 9090)
    .reduce((sum, { count }) => sum + count, 0);
}

const load = { program: "load" };
const all = attemptsOk(load, exactly(REQUESTS)).because("every request is answered in both variants");
const few = connections(load, atMost(AT_ONCE)).because("the client keeps its connections to the proxy");
export const experiment = failureMode({
  id: "proxy-without-upstream-keep-alive",
  title: "A proxy that opens a connection to its backend for each request",
  question: "Where do the TIME-WAIT sockets come from, if the clients keep their connections?",
  tags: ["keep-alive", "time-wait", "proxy", "http"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the proxy keeps no connection to the backend",
      setup: setup("buggy"),
      exact: [
        all,
        few,
        counterMoved({ host: "backend", counter: "TcpPassiveOpens" }, exactly(REQUESTS)).because(
          "the backend sees a connection for each request",
        ),
        quantity(
          "TIME-WAIT between the proxy and the backend",
          { needs: ["sockets"], of: timeWait },
          between(REQUESTS - MOST_TAKEN_OVER, 2 * REQUESTS),
        ).because(
          "each connection leaves one at the side that closed first, or one at both if their FINs crossed",
        ),
      ],
    },
    fixed: {
      summary: "the proxy has a pool of connections to the backend",
      setup: setup("fixed"),
      exact: [
        all,
        few,
        counterMoved({ host: "backend", counter: "TcpPassiveOpens" }, atMost(AT_ONCE)).because(
          "requests that do not overlap share a connection",
        ),
        socketsAtEndOf("drain", { host: "backend", state: "TIME-WAIT" }, exactly(0)).because(
          "no connection to the backend ends",
        ),
      ],
    },
  },
  symptom: [
    socketsAtPeak({ state: "ESTABLISHED", side: "connector", owner: "process" }, atLeast(1)).because(
      "a request is under way to a backend",
    ),
    counterMoved({ counter: "TcpActiveOpens" }, atLeast(20)).because("connections are opened all the time"),
    unpooled,
  ],
  overlaps: {},
});
