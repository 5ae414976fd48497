import {
  callsEnded,
  exactly,
  fact,
  quantity,
  samplesOf,
  segmentsRepeated,
  setupOf,
  socketsAtEndOf,
  socketStates,
  socketsAtPeak,
  statesPassed,
  wireConnections,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type SeenState,
  type TcpState,
} from "../../harness/experiment.ts";

/** One way, in ms. A state that ends with the arrival of a segment lasts at least this long, so the looks find it. */
const DELAY_MS = 250;
/** How long the first connection's server waits before it closes, in ms. */
const THINKS_MS = 400;

/** The first connection: a request and its answer, then end-of-file, and the server closes after a wait. */
const first = {
  server: ["accept", "recv 97", "send 97", "recv end", `wait ${THINKS_MS}`, "close"],
  client: ["connect {server}:8080", "send 97", "recv 97", "shutdown write", "recv end", "close"],
};
/** The second, without data. connect() returns one delay before the server's accept(): after these waits both close at once. */
const second = {
  server: ["accept", `wait ${DELAY_MS}`, "close"],
  client: ["connect {server}:8080", `wait ${2 * DELAY_MS}`, "close"],
};

/** States to which no segment leads: one comes before the first segment, the other after the last. */
const WITHOUT_SEGMENTS: SeenState[] = ["LISTEN", "CLOSED"];

/** How many states the census showed on any host. */
function statesInCensus(evidence: Evidence): number {
  const looks = samplesOf(evidence, "sockets");
  return new Set(looks.flatMap(({ groups }) => groups.map(({ state }) => state))).size;
}

/** How many of the states to which segments lead are on the ladder of some connection. */
function statesOnLadders(recording: Recording): number {
  const seen = wireConnections(recording).flatMap(({ ends: [left, right] }) => [
    ...socketStates(recording, left, right, 0, Infinity),
    ...socketStates(recording, right, left, 0, Infinity),
  ]);
  return new Set(seen.map(({ state }) => state).filter((state) => !WITHOUT_SEGMENTS.includes(state))).size;
}

const passed = (
  host: "client" | "server",
  connection: 1 | 2,
  states: TcpState[],
  reason: string,
): ExactExpectation => statesPassed({ host, connection }, states).because(reason);

export const experiment = fact({
  id: "state-zoo",
  title: "All eleven states of a TCP connection, in slow motion",
  question: "Which states does a connection pass, and what does each of them wait for?",
  tags: ["states", "wire"],
  variants: {
    "slow-motion": {
      summary: "an orderly close and a crossing one, over a wire of 250 ms each way",
      setup: setupOf({
        sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
        links: [{ kind: "wire", delayMs: DELAY_MS }],
        servers: { server: ["clients/calls", "listen 8080 4", ...first.server, ...second.server, "stay"] },
        clients: { load: { run: ["clients/calls", ...first.client, ...second.client], withinMs: 15_000 } },
        phases: {
          load: { exited: ["load"] },
          drain: {
            until: {
              all: [
                { sockets: { host: "client", state: "TIME-WAIT", port: 8080 }, atLeast: 2 },
                { sockets: { host: "server", state: "TIME-WAIT", port: 8080 }, atLeast: 1 },
              ],
            },
            withinMs: 5000,
          },
        },
        everyMs: { sockets: 40, listeners: 500, counters: 500, processes: 250 },
      }),
      exact: [
        quantity(
          "states in the census, of eleven",
          { needs: ["sockets"], of: statesInCensus },
          exactly(10),
        ).because("CLOSED has no socket, and so no row"),
        quantity(
          "states beside the arrows of the ladders, without LISTEN and CLOSED",
          { needs: ["packet", "sockets"], of: statesOnLadders },
          exactly(9),
        ).because("every other state begins with a segment that was sent or received"),
        passed(
          "client",
          1,
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"],
          "it closes first: its FIN, the ACK of it, the other end's FIN",
        ),
        passed(
          "server",
          1,
          ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"],
          "it closes second: after the ACK of its FIN nothing can follow, and the row is gone",
        ),
        passed(
          "client",
          2,
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "the other end's FIN comes before the ACK of its own",
        ),
        passed(
          "server",
          2,
          ["SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "the same at the other end: neither closed second, so both wait",
        ),
        socketsAtPeak(
          { host: "server", state: "CLOSE-WAIT", timer: "none", owner: "listener" },
          exactly(1),
        ).because("the other end has closed, and this program must close: nothing limits the time"),
        socketsAtPeak(
          { host: "server", state: "SYN-RECEIVED", timer: "on", owner: "none" },
          exactly(1),
        ).because(
          "before the handshake is over there is no descriptor, and the kernel's timer repeats the SYN-ACK",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", timer: "timewait", owner: "none" },
          exactly(2),
        ).because("no process holds a TIME-WAIT: only its 60 s end it"),
        callsEnded({ program: "load", call: "close" }, 0, exactly(2)).because(
          "both connections ended without an error",
        ),
        segmentsRepeated({}, exactly(0)).because("the wire is slow but loses nothing: no timer ran out"),
      ],
    },
  },
});
