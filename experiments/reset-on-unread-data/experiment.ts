import {
  atLeast,
  callsEnded,
  calls,
  counterMoved,
  counterStill,
  descriptorsLeft,
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
  const client = ["connect {server}:8080", `send ${REQUEST_BYTES}`, "recv end", "close"];
  return setupOf({
    // Slow start decides, on each connection separately, how much of the page leaves at once; the queue must hold the rest.
    sysctls: {
      "net.ipv4.tcp_no_metrics_save": "1",
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_rmem": "4096 131072 6291456",
      "net.ipv4.tcp_wmem": "4096 262144 4194304",
    },
    links: [{ kind: "wire", delayMs: 50 }],
    servers: { server: `${server} --port 8080` },
    clients: { load: ["clients/calls", "--times", `${CLIENTS}`, ...client] },
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
  id: "reset-on-unread-data",
  title: "RST instead of FIN: close() with input that nobody read",
  question: "What happens to an answer when its connection is closed with unread input?",
  tags: ["reset", "close", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "answers and closes, and has not read the request",
      setup: setup("reset-on-unread-data/buggy"),
      exact: [
        callsEnded({ program: "load", call: "recv" }, "ECONNRESET", exactly(CLIENTS)).because(
          "each client was reading a page when the RST came",
        ),
        lost(
          atLeast(CLIENTS),
          "ten segments leave at once; the rest waits for their acknowledgements, and is discarded at close()",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPAbortOnClose" }, exactly(CLIENTS)).because(
          "the kernel counts each close() that finds bytes in the receive queue",
        ),
        counterStill({ host: "server", counter: "TcpEstabResets" }).because(
          "end() came before close(), so the socket was in FIN-WAIT-1, though no FIN had left yet",
        ),
        segmentsSeen({ from: "server", flags: ["FIN"], phase: "load" }, exactly(0)).because(
          "the FIN was at the end of the discarded queue",
        ),
        socketsAtEndOf("drain", { state: "TIME-WAIT" }, exactly(0)).because("a RST leaves nothing behind"),
      ],
    },
    fixed: {
      summary: "answers, reads its input, and closes when the client has closed",
      setup: setup("reset-on-unread-data/fixed"),
      exact: [
        callsEnded({ program: "load", call: "recv" }, PAGE_BYTES, exactly(CLIENTS)).because(
          "the page is complete, and a FIN follows it",
        ),
        lost(exactly(0), "the kernel goes on sending until the last byte is acknowledged"),
        segmentsSeen({ flags: ["RST"], phase: "load" }, exactly(0)).because(
          "the receive queue was empty at close()",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
          exactly(CLIENTS),
        ).because("the server's FIN was the first"),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: "TcpExtTCPAbortOnClose" }, atLeast(3)).because(
      "programs close connections whose input they have not read",
    ),
    counterMoved({ counter: "TcpOutRsts" }, atLeast(3)).because("each such close() is a RST"),
    counterStill({ counter: "TcpExtTCPAbortOnData" }).because(
      "if that moves, connections are reset for other reasons too: SO_LINGER 0, or data that came after close()",
    ),
    descriptorsLeft({}, atLeast(3)).because(
      "when descriptors are used up, Node accepts newcomers and closes them at once, whatever they have sent: idle-connection-hoard",
    ),
  ],
  overlaps: {
    "process-ends/unread-input":
      "it is the same reset there, but the processes are gone: a server with this fault goes on running",
    "unconsumed-body/buggy":
      "it is the same reset at the end, when the client exits: before it, the answers lie unread in Recv-Q for seconds",
    "unconsumed-body/fixed-by-destroy":
      "it is the same reset, and wanted: the client, which connected, gives up an answer that it does not need",
  },
  visible: {
    as: "remark",
    because:
      "a client that has enough may close with unread input on purpose: the counters do not say which end of which connection it was",
    zh: "已经够了的客户端可以故意带着未读的输入关闭：计数器不说是哪条连接的哪一端",
  },
});
