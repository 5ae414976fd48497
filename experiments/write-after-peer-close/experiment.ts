import {
  atLeast,
  attemptsOk,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  outcomes,
  quantity,
  reported,
  setupOf,
  socketsStay,
  type Bound,
  type Claim,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const SENSORS = 23;
/** Each sensor sends one before the pause, and two after it. */
const READINGS = 3 * SENSORS;
const STAY_MS = 1000;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: "python3 {here}/collector.py 8080", listens: 8080 } },
    clients: { station: `python3 {here}/${program}.py {server}:8080` },
    phases: { load: { exited: ["station"] }, drain: { elapsedMs: 300 } },
  });
}

/** The other end has finished, and a process holds the connection without having read that. */
const unread = {
  state: "CLOSE-WAIT",
  side: "connector",
  owner: ["process", "shared"],
  receiveQueue: "holding",
  sendQueue: "empty",
} as const;

const arrived = (bound: Bound): Claim<Recording> =>
  quantity(
    "readings that arrived",
    {
      needs: ["report"],
      of: (recording: Recording) =>
        reported(recording, { program: "server", kind: "reading" }, "number").length,
    },
    bound,
  );

const stands: ExactExpectation = socketsStay({ host: "client", port: 8080, ...unread }, exactly(SENSORS), {
  forMs: STAY_MS,
}).because("the collector has closed, and its FIN counts as a byte that nobody has read");

const openedTwice: ExactExpectation = counterMoved(
  { host: "client", counter: "TcpActiveOpens" },
  exactly(2 * SENSORS),
).because("each sensor connects again, sooner or later");

export const experiment = failureMode({
  id: "write-after-peer-close",
  title: "Writing to a connection that the other end has closed",
  question: "What becomes of a message that is sent when the other end's FIN has arrived?",
  tags: ["close-wait", "reset", "keep-alive", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the station only writes, and takes what send() returns for success",
      setup: setup("buggy"),
      exact: [
        stands,
        attemptsOk({ program: "station" }, exactly(2 * SENSORS)).because(
          "the first send() after the FIN succeeds as the one before it: the kernel has taken the bytes",
        ),
        outcomes({ program: "station" }, "request EPIPE", exactly(SENSORS)).because(
          "the RST has arrived: tcp_reset() leaves EPIPE for a socket in CLOSE-WAIT, and the next send() returns it",
        ),
        arrived(exactly(2 * SENSORS)).because(
          "the reading that got the RST is lost, and the one that got EPIPE is sent again",
        ),
        counterMoved({ host: "client", counter: "TcpEstabResets" }, exactly(SENSORS)).because(
          "a RST ends each connection in CLOSE-WAIT",
        ),
        counterMoved({ host: "server", counter: "TcpOutRsts" }, exactly(SENSORS)).because(
          "no process can read what comes after close(), and the kernel says so",
        ),
        openedTwice,
      ],
    },
    fixed: {
      summary: "the station looks for end-of-file before it writes",
      setup: setup("fixed"),
      exact: [
        stands,
        attemptsOk({ program: "station" }, exactly(READINGS)).because("no send() meets a RST"),
        arrived(exactly(READINGS)).because("each goes over a connection that the collector still reads"),
        counterStill({ host: "client", counter: "TcpEstabResets" }).because(
          "close() answers the FIN with a FIN",
        ),
        openedTwice,
      ],
    },
  },
  symptom: [
    socketsStay(unread, atLeast(5), { forMs: STAY_MS }).because(
      "a process keeps connections whose other end has finished, and has not read that",
    ),
    counterMoved({ counter: "TcpEstabResets" }, atLeast(5)).because(
      "connections were reset: closed with close(), they would have ended with a FIN",
    ),
  ],
  overlaps: {},
  visible: {
    as: "remark",
    because:
      "the counter does not say which connections were reset: a pool that closes such connections properly looks the same beside clients that reset others",
    zh: "计数器不说是哪些连接被复位：一个好好关闭这种连接的池，旁边若有客户端复位别的连接，看起来一样",
  },
});
