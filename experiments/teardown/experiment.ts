import {
  allOver,
  atLeast,
  closedIn,
  exactly,
  fact,
  neverSeen,
  quantity,
  setupOf,
  socketsAtEndOf,
  statesPassed,
  through,
  times,
  type Bound,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";

/** Connections, one after another: a pause of the machine can change one of them, but not most. */
const CONNECTIONS = 5;
const MOST = 3;
/** Long enough for looks to find every state that a segment ends. */
const ONE_WAY_MS = 80;
/** Far longer than the kernel delays an acknowledgement. */
const LATER_MS = 240;

/** What each end does after the request of 97 bytes and the answer of 47. */
function setup(ends: { client: string[]; server: string[] }): Setup {
  const served = ["accept", "recv 97", "send 47", ...ends.server];
  const each = ["connect {server}:8080", "send 97", "recv 47", ...ends.client];
  return setupOf({
    // TIME-WAIT is counted, so no port may be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: ["clients/calls", "listen 8080 8", ...times(CONNECTIONS, served), "stay"] },
    clients: { client: ["clients/calls", "--times", String(CONNECTIONS), ...each] },
    phases: {
      load: { exited: ["client"] },
      drain: { until: allOver(8080, ["SYN-RECEIVED"]), withinMs: 10_000 },
    },
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 500 },
  });
}

const closedWith = (segments: number, bound: Bound, because: string) =>
  quantity(`connections that were closed with ${segments} segments`, closedIn(segments), bound).because(
    because,
  );

const straightToTimeWait = (host: string, bound: Bound, because: string) =>
  quantity(
    `connections whose end on ${host} is seen to go from FIN-WAIT-1 to TIME-WAIT, and not in between`,
    through(host, ["FIN-WAIT-1", "TIME-WAIT"]),
    bound,
  ).because(because);

function timeWaitAt(host: "client" | "server"): ExactExpectation[] {
  const other = host === "client" ? "server" : "client";
  return [
    socketsAtEndOf("drain", { host, state: "TIME-WAIT", port: 8080 }, exactly(CONNECTIONS)).because(
      "the end that closes first keeps it",
    ),
    neverSeen({ host: other, state: "TIME-WAIT" }).because(
      "the end that closes second goes from LAST-ACK to CLOSED",
    ),
  ];
}

export const experiment = fact({
  id: "teardown",
  title: "Three or four segments at the end",
  question: "How many segments does it take to close a connection, and who is left with TIME-WAIT?",
  tags: ["close", "time-wait", "wire"],
  variants: {
    "at-once": {
      summary: "the client closes, and the server answers end-of-file with close()",
      setup: setup({ client: ["close"], server: ["recv end", "close"] }),
      exact: [
        closedWith(
          3,
          atLeast(MOST),
          "the acknowledgement of the FIN waits for up to 40 ms, and leaves with the server's own FIN",
        ),
        straightToTimeWait("client", atLeast(MOST), "the segment that acknowledges its FIN is a FIN too"),
        ...timeWaitAt("client"),
      ],
    },
    later: {
      summary: `the server closes ${LATER_MS} ms after end-of-file`,
      setup: setup({ client: ["close"], server: ["recv end", `wait ${LATER_MS}`, "close"] }),
      exact: [
        closedWith(4, exactly(CONNECTIONS), "the kernel acknowledges the FIN without the program"),
        straightToTimeWait("client", exactly(0), "an acknowledgement without a FIN leads to FIN-WAIT-2"),
        statesPassed({ host: "client" }, [
          "SYN-SENT",
          "ESTABLISHED",
          "FIN-WAIT-1",
          "FIN-WAIT-2",
          "TIME-WAIT",
        ]).because("its FIN is acknowledged first, and the other FIN comes later"),
        statesPassed({ host: "server" }, [
          "SYN-RECEIVED",
          "ESTABLISHED",
          "CLOSE-WAIT",
          "LAST-ACK",
          "CLOSED",
        ]).because("CLOSE-WAIT lasts until the program closes, LAST-ACK until its FIN is acknowledged"),
        ...timeWaitAt("client"),
      ],
    },
    "server-first": {
      summary: "the server closes after its answer, and the client at end-of-file",
      setup: setup({ client: ["recv end", "close"], server: ["close"] }),
      exact: [
        closedWith(3, atLeast(MOST), "which end closes first makes no difference to the number"),
        straightToTimeWait("server", atLeast(MOST), "the segment that acknowledges its FIN is a FIN too"),
        ...timeWaitAt("server"),
      ],
    },
  },
});
