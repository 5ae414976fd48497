import {
  acceptQueueNeverFull,
  atLeast,
  atMost,
  attemptsOk,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  latency,
  setupOf,
  socketsAtPeak,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients come `1000 / RATE` ms apart: all of them within a round trip. */
const CLIENTS = 29;
const RATE = 199;
const ONE_WAY_MS = 120;
/** The server's backlog, and one more. */
const ROOM = 8;
const DROPPED = "TcpExtTCPReqQFullDrop";

function setup(program: string, cookies: "0" | "1" = "0"): Setup {
  return setupOf({
    hosts: {
      // SYN retries 1 s apart, as Linux has had them since 6.5; older kernels do not know the sysctl and start with 1 s too.
      client: { "net.ipv4.tcp_syn_retries": "6" },
      server: {
        "net.core.somaxconn": "4096",
        "net.ipv4.tcp_syncookies": cookies,
        "net.ipv4.tcp_max_syn_backlog": "1024",
        "net.ipv4.tcp_synack_retries": "5",
      },
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: `${program} --port 8080` },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate ${RATE} --concurrency ${CLIENTS} --timeout-ms 15000`,
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    everyMs: { sockets: 100, listeners: 100, counters: 250, processes: 500 },
  });
}

const half = { state: "SYN-RECEIVED", side: "listener" } as const;
const halfOpen = { host: "server", port: 8080, ...half } as const;

const everyone = attemptsOk({ program: "load" }, exactly(CLIENTS));
const accepts = acceptQueueNeverFull({ host: "server" }).because("the server accepts at once");

export const experiment = failureMode({
  id: "syn-queue-overflow",
  title: "Too many handshakes at once",
  question: "What limits new clients of a server that accepts at once, if they are far away?",
  tags: ["handshake", "backlog", "syn-cookies", "latency", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: `a backlog of ${ROOM - 1}, no SYN cookies, and clients ${2 * ONE_WAY_MS} ms away`,
      setup: setup("syn-queue-overflow/buggy"),
      exact: [
        everyone.because("a dropped SYN is sent again: nothing fails, but connecting takes long"),
        socketsAtPeak(halfOpen, exactly(ROOM)).because(
          "the kernel holds backlog + 1 requests: each waits a round trip for its third segment",
        ),
        counterMoved({ host: "server", counter: DROPPED }, atLeast(11)).because(
          "a SYN that finds no room is dropped and counted",
        ),
        counterStill({ host: "server", counter: "TcpExtListenOverflows" }).because(
          "this counter is for the accept queue, and that one is empty",
        ),
        accepts,
        latency({ program: "load" }, "connectMs", 75, atLeast(1000)).because(
          "the first retry comes after 1 s",
        ),
      ],
    },
    fixed: {
      summary: "a backlog of 511",
      setup: setup("syn-queue-overflow/fixed"),
      exact: [
        everyone.because("there is room for all"),
        socketsAtPeak(halfOpen, atLeast(ROOM + 1)).because(
          "more handshakes are in progress than a backlog of 7 allows",
        ),
        counterStill({ host: "server", counter: DROPPED }).because("no SYN is dropped"),
        accepts,
        latency({ program: "load" }, "connectMs", 99, atMost(900)).because("a round trip, and no retry"),
      ],
    },
    "fixed-by-cookies": {
      summary: "a backlog of 7 and SYN cookies, the kernel's default",
      setup: setup("syn-queue-overflow/buggy", "1"),
      exact: [
        everyone.because("a SYN that finds no room is answered, and nothing is stored for it"),
        socketsAtPeak(halfOpen, exactly(ROOM)).because("the queue is as short as before"),
        counterMoved({ host: "server", counter: "TcpExtSyncookiesSent" }, atLeast(11)).because(
          "the SYN-ACK has in its sequence number what the kernel must know later",
        ),
        counterMoved({ host: "server", counter: "TcpExtSyncookiesRecv" }, atLeast(11)).because(
          "the clients are real, and send the third segment: with a flood, only the first counter moves",
        ),
        counterStill({ host: "server", counter: DROPPED }).because("no SYN is dropped"),
        latency({ program: "load" }, "connectMs", 99, atMost(900)).because("a round trip, and no retry"),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: DROPPED }, atLeast(1)).because(
      "the kernel has dropped SYNs because the queue of unfinished handshakes was full",
    ),
    socketsAtPeak(half, atLeast(3)).because("handshakes are in progress, as many as there is room for"),
  ],
  overlaps: {
    "syn-queue-length/short-backlog":
      "the same queue is full there, of strangers that send no third segment: the rows stay, and their SYN-ACKs are repeated",
    "syn-queue-length/short-backlog-wide-sysctl":
      "the same queue is full there, of strangers that send no third segment: the rows stay, and their SYN-ACKs are repeated",
  },
});
