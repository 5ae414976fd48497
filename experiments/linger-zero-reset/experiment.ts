import {
  atLeast,
  callsEnded,
  calls,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 3;
const REQUEST_BYTES = 97;
/** What the server writes in answer to each; its programs have the same number. */
const PAGE_BYTES = 47_000;

function setup(server: string): Setup {
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "0",
      // Slow start decides, on each connection separately, how much of the page leaves at once.
      // The rest waits in the send buffer, which must hold all of it.
      "net.ipv4.tcp_no_metrics_save": "1",
      "net.ipv4.tcp_rmem": "4096 131072 6291456",
      "net.ipv4.tcp_wmem": "4096 262144 4194304",
    },
    links: [{ kind: "wire", delayMs: 50 }],
    servers: { server: `${server} --port 8080` },
    clients: {
      load: [
        "clients/calls",
        "--times",
        String(CLIENTS),
        "connect {server}:8080",
        `send ${REQUEST_BYTES}`,
        `recv ${PAGE_BYTES}`,
        "close",
      ],
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 100, listeners: 1000, counters: 500, processes: 500 },
  });
}

/** Bytes that the server wrote and no client could read. */
function bytesLost(recording: Recording): number | null {
  const received = calls(recording, { program: "load", call: "recv" }).map(({ bytes }) => bytes ?? 0);
  if (received.length !== CLIENTS) return null;
  return CLIENTS * PAGE_BYTES - received.reduce((sum, bytes) => sum + bytes, 0);
}

const lost = (bound: Parameters<typeof quantity>[2], reason: string): ExactExpectation =>
  quantity("bytes of the pages that no client received", { needs: ["report"], of: bytesLost }, bound).because(
    reason,
  );

export const experiment = failureMode({
  id: "linger-zero-reset",
  title: "No TIME-WAIT, and a third of the answer: close() with SO_LINGER {1, 0}",
  question: "What does it cost to avoid TIME-WAIT by closing with a RST?",
  tags: ["reset", "close", "time-wait", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "answers, and resets the connection as soon as the kernel has the answer",
      setup: setup("linger-zero-reset/buggy"),
      exact: [
        callsEnded({ program: "load", call: "recv" }, "ECONNRESET", exactly(CLIENTS)).because(
          "each client was reading a page when the RST came",
        ),
        lost(
          atLeast(CLIENTS),
          "ten segments leave at once; the rest waits for their acknowledgements, and is discarded at close()",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPAbortOnData" }, exactly(CLIENTS)).because(
          "the kernel counts each close() that SO_LINGER {1, 0} turns into a reset",
        ),
        counterMoved({ host: "server", counter: "TcpEstabResets" }, exactly(CLIENTS)).because(
          "each of them went from ESTABLISHED to CLOSED at once",
        ),
        segmentsSeen({ flags: ["FIN"], phase: "load" }, exactly(0)).because(
          "the connection ends with a RST, not with a FIN",
        ),
        socketsAtEndOf("drain", { state: "TIME-WAIT" }, exactly(0)).because(
          "avoiding TIME-WAIT was the purpose, and it works",
        ),
      ],
    },
    fixed: {
      summary: "end(): the kernel sends all data, and the FIN",
      setup: setup("linger-zero-reset/fixed"),
      exact: [
        callsEnded({ program: "load", call: "recv" }, PAGE_BYTES, exactly(CLIENTS)).because(
          "close() does not wait for the queue and does not discard it: the kernel goes on sending",
        ),
        lost(exactly(0), "all that was written was received"),
        segmentsSeen({ flags: ["RST"], phase: "load" }, exactly(0)).because("each end has sent a FIN"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
          exactly(CLIENTS),
        ).because("the server closed first: this is the small price of an orderly close"),
      ],
    },
    "fixed-by-closing-second": {
      summary: "waits for the client's FIN: no TIME-WAIT here, and nothing lost",
      setup: setup("linger-zero-reset/fixed-by-closing-second"),
      exact: [
        callsEnded({ program: "load", call: "recv" }, PAGE_BYTES, exactly(CLIENTS)).because(
          "the client knows how long a page is, and needs no FIN to see its end",
        ),
        lost(exactly(0), "all that was written was received"),
        segmentsSeen({ flags: ["RST"], phase: "load" }, exactly(0)).because("each end has sent a FIN"),
        socketsAtEndOf("drain", { host: "server", state: "TIME-WAIT" }, exactly(0)).because(
          "the end that closes second goes through LAST-ACK, and keeps nothing",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
          exactly(CLIENTS),
        ).because("the clients' FINs were the first"),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: "TcpExtTCPAbortOnData" }, atLeast(3)).because(
      "programs close with SO_LINGER {1, 0}, or data came after close()",
    ),
    counterMoved({ counter: "TcpEstabResets" }, atLeast(3)).because(
      "it is SO_LINGER: data after close() finds a socket in FIN-WAIT, and does not move this counter",
    ),
    counterMoved({ counter: "TcpOutRsts" }, atLeast(3)).because("this host sent the RSTs, not the peer"),
    counterStill({ counter: "TcpExtTCPAbortOnClose" }).because(
      "if that moves, unread input caused the RST: the kernel checks for it first",
    ),
    counterStill({ counter: "TcpExtTCPTimeouts" }).because(
      "if sent data was overdue, the peer may be gone and a reset is right: nothing is lost that could have arrived",
    ),
  ],
  overlaps: {
    "close-wait-held/fixed":
      "there the resets are a cure: TcpExtTCPWinProbe moves, because the peers closed their windows, after CLOSE-WAIT rows with full send queues",
    "self-connect/fixed":
      "there the resets are the cure: they end connections of a socket with itself, which no other program is part of, and TcpAttemptFails moves",
  },
  visible: {
    as: "remark",
    because:
      "the counters do not say whether anything was lost: load balancers end their health checks with SO_LINGER {1, 0} on purpose",
    zh: "计数器不说是否丢了什么：负载均衡器的健康检查就故意用 SO_LINGER {1, 0} 结束",
  },
});
