import {
  allOver,
  atLeast,
  exactly,
  fact,
  neverSeen,
  quantity,
  segments,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  statesPassed,
  type PacketSample,
  type Recording,
  type Setup,
  type TcpState,
} from "../../harness/experiment.ts";

/** Delay one way. Both ends must close before either FIN arrives, so each can be late by this much. */
const ONE_WAY_MS = 250;
/** From accept(), or from end-of-file, to close() on the server. */
const PAUSE_MS = 200;

function setup(waitsFor: "nothing" | "end-of-file"): Setup {
  const first = waitsFor === "end-of-file" ? ["recv end"] : [];
  return setupOf({
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: {
      server: ["clients/calls", "listen 8080 4", "accept", ...first, `wait ${PAUSE_MS}`, "close", "stay"],
    },
    clients: {
      // accept() returns later than connect(), by the time that the third segment is on the wire.
      client: ["clients/calls", "connect {server}:8080", `wait ${PAUSE_MS + ONE_WAY_MS}`, "close"],
    },
    phases: { load: { exited: ["client"] }, drain: { until: allOver(8080), withinMs: 10_000 } },
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 500 },
  });
}

/** The FINs of the two ends, in the order in which they came to the wire. */
const fins = (recording: Recording): PacketSample[] => segments(recording, { flags: ["FIN"] });

/** From the departure of the later FIN to the arrival of the earlier one: for that time both were on the wire. */
function crossedForMs(recording: Recording): number | null {
  const [first, second] = fins(recording);
  if (first === undefined || second === undefined || first.sentUs === null) return null;
  return first.from === second.from ? null : (first.sentUs - second.atUs) / 1000;
}

/** FINs that acknowledge the other end's FIN. */
function answers(recording: Recording): number {
  const all = fins(recording);
  return all.filter((fin) =>
    all.some((other) => other.from !== fin.from && fin.acknowledgement === other.sequence + 1),
  ).length;
}

const finsThatAnswer = (bound: Parameters<typeof quantity>[2], because: string) =>
  quantity("FINs that acknowledge a FIN", { needs: ["packet"], of: answers }, bound).because(because);

const passed = (host: string, states: TcpState[], because: string) =>
  statesPassed({ host }, states).because(because);

const timeWait = (host: string, because: string) =>
  socketsAtEndOf("drain", { host, state: "TIME-WAIT", port: 8080 }, exactly(1)).because(because);

const twoFins = [
  segmentsSeen({ flags: ["FIN"], from: "client" }, exactly(1)).because("each end sends one FIN"),
  segmentsSeen({ flags: ["FIN"], from: "server" }, exactly(1)).because("each end sends one FIN"),
  segmentsRepeated({}, exactly(0)).because("every segment is acknowledged in time"),
];

export const experiment = fact({
  id: "simultaneous-close",
  title: "Both close at once, and both wait",
  question: "What happens if both ends close before either receives the other's FIN?",
  tags: ["close", "time-wait", "wire"],
  variants: {
    both: {
      summary: "both ends close within the wire's delay of 250 ms",
      setup: setup("nothing"),
      exact: [
        ...twoFins,
        quantity(
          "ms for which the two FINs were on the wire together",
          { needs: ["packet"], of: crossedForMs },
          atLeast(1),
        ).because("each left before the other one arrived"),
        finsThatAnswer(exactly(0), "neither end knew of the other's FIN when it sent its own"),
        passed(
          "client",
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "a FIN that comes before the acknowledgement of one's own leads to CLOSING",
        ),
        passed(
          "server",
          ["SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "it closed first, too, as far as it knew",
        ),
        timeWait("client", "it has sent the last acknowledgement, and does not know whether it arrived"),
        timeWait("server", "it has sent the last acknowledgement, and does not know whether it arrived"),
      ],
    },
    "one-first": {
      summary: "the server waits for end-of-file before it closes",
      setup: setup("end-of-file"),
      exact: [
        ...twoFins,
        finsThatAnswer(exactly(1), "the server has read the client's FIN when it sends its own"),
        passed(
          "client",
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"],
          "the acknowledgement comes before the other end's FIN",
        ),
        passed(
          "server",
          ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"],
          "the end that closes second does not wait afterwards",
        ),
        timeWait("client", "it closed first"),
        neverSeen({ state: "CLOSING" }).because("no FIN has met another"),
        neverSeen({ host: "server", state: "TIME-WAIT" }).because("it closed second"),
      ],
    },
  },
});
