import {
  atLeast,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  neverSeen,
  quantity,
  queued,
  samplesOf,
  segments,
  setupOf,
  socketsAtEndOf,
  statesPassed,
  timeBetween,
  type ExactExpectation,
  type PacketSample,
  type Recording,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

/** Long enough that many looks fall into each state, whatever else the machine does. */
const ONE_WAY_MS = 200;

interface Differs {
  /** The port on which the server listens; the client connects to 8080. */
  port: number;
  accepts: boolean;
  clientOffers: "all options" | "none";
}

const PLAIN: Differs = { port: 8080, accepts: true, clientOffers: "all options" };

/** Which options a stack offers in its SYN, and accepts if the other end offers them. */
function optionSysctls(on: "0" | "1"): Sysctls {
  return {
    "net.ipv4.tcp_window_scaling": on,
    "net.ipv4.tcp_sack": on,
    "net.ipv4.tcp_timestamps": on,
    "net.ipv4.tcp_ecn": "0",
  };
}

function setup({ port, accepts, clientOffers }: Differs): Setup {
  return setupOf({
    hosts: {
      client: optionSysctls(clientOffers === "none" ? "0" : "1"),
      server: optionSysctls("1"),
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: ["clients/calls", `listen ${port} 4`, ...(accepts ? ["accept"] : []), "stay"] },
    // Neither end sends: recv() waits until the trial ends, and the connection stays.
    clients: { client: ["clients/calls", "connect {server}:8080", "recv end"] },
    phases: {
      load: {
        until: {
          any: [
            { sockets: { host: "server", state: "ESTABLISHED", port: 8080 }, atLeast: 1 },
            { exited: ["client"] },
          ],
        },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 300 },
    },
    everyMs: { sockets: 20, listeners: 100, counters: 500, processes: 200 },
  });
}

const name = ({ flags, from }: PacketSample): string => `${flags.join("-")} from ${from}`;

/** All segments until the programs are ended. */
const seen = (recording: Recording): PacketSample[] =>
  segments(recording).filter(({ phase }) => phase !== "end");

/** The wire carried these segments, in this order, and no others. */
function segmentsAre(order: string[], because: string): ExactExpectation {
  return {
    claim: `the segments are ${order.join(", ")}, and no others`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const names = seen(recording).map(name);
      return { holds: names.join() === order.join(), observed: names.join(", ") };
    },
  };
}

/** The options of a segment, as they stand on the ladder. */
function optionsOf({ options }: PacketSample): string {
  const found = [
    ...(options.mssBytes === undefined ? [] : [`MSS ${options.mssBytes}`]),
    ...(options.windowScale === undefined ? [] : ["window scale"]),
    ...(options.sackPermitted === undefined ? [] : ["SACK"]),
    ...(options.timestamps === undefined ? [] : ["timestamps"]),
  ];
  return found.length === 0 ? "nothing" : found.join(" and ");
}

function optionsAre(expected: { syn: string; synAck: string; ack: string }, because: string) {
  const wanted = Object.values(expected);
  return {
    claim: `the options are ${expected.syn} in the SYN, ${expected.synAck} in the SYN-ACK, ${expected.ack} in the ACK`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const found = seen(recording).slice(0, 3).map(optionsOf);
      return { holds: found.join() === wanted.join(), observed: found.join(", ") };
    },
  } satisfies ExactExpectation;
}

const EVERYTHING = "MSS 1460 and window scale and SACK and timestamps";

/** Looks that find the server in SYN-RECEIVED when an earlier one has found the client in ESTABLISHED. */
function looksInBetween(recording: Recording): number {
  const inState = (host: string, state: string) =>
    samplesOf(recording, "sockets", host).filter(({ groups }) => groups.some((one) => one.state === state));
  const [established] = inState("client", "ESTABLISHED");
  if (established === undefined) return 0;
  return inState("server", "SYN-RECEIVED").filter(({ atUs }) => atUs > established.atUs).length;
}

/** Numbers are relative to those of the SYNs: the third segment carries and acknowledges the numbers after them. */
function numbersUsed(recording: Recording): number | null {
  const third = seen(recording)[2];
  if (third === undefined || third.acknowledgement === null) return null;
  return third.sequence + third.acknowledgement;
}

function waits(program: "client" | "server", call: string, roundTrips: number, because: string) {
  return quantity(
    `ms from connect() to the return of ${call}() on ${program}`,
    timeBetween({ call: { call: "connect" }, is: "begun" }, { call: { program, call }, is: "returned" }),
    atLeast(2 * ONE_WAY_MS * roundTrips),
  ).because(because);
}

const connected = callsEnded({ program: "client", call: "connect" }, 0, exactly(1));

const handshake = [
  segmentsAre(
    ["SYN from client", "SYN-ACK from server", "ACK from client"],
    "the second is SYN and ACK in one: the server has nothing to wait for",
  ),
  statesPassed({ host: "client" }, ["SYN-SENT", "ESTABLISHED"]).because(
    "the SYN-ACK tells the client that both SYNs have arrived",
  ),
  statesPassed({ host: "server" }, ["SYN-RECEIVED", "ESTABLISHED"]).because(
    "only the third segment tells the server that its own SYN has arrived",
  ),
  quantity(
    "samples that find the server in SYN-RECEIVED when the client is already ESTABLISHED",
    { needs: ["sockets"], of: looksInBetween },
    atLeast(1),
  ).because("the third segment is on the wire for 200 ms"),
  waits("client", "connect", 1, "the client waits for one round trip"),
];

const accepted = [
  connected.because(
    "it succeeds when the SYN-ACK has come, half a round trip before the server is ESTABLISHED",
  ),
  waits("server", "accept", 1.5, "the server waits for the third segment"),
];

export const experiment = fact({
  id: "handshake",
  title: "Three segments, and who is connected when",
  question: "When is each end of a connection established, and what makes it so?",
  tags: ["handshake", "wire"],
  variants: {
    accepted: {
      summary: "connect() at one end, accept() at the other, 200 ms between them",
      setup: setup(PLAIN),
      exact: [
        ...handshake,
        ...accepted,
        optionsAre(
          { syn: EVERYTHING, synAck: EVERYTHING, ack: "timestamps" },
          "options are agreed upon in the two SYNs, and only there",
        ),
        quantity(
          "numbers that the two SYNs have used up",
          { needs: ["packet"], of: numbersUsed },
          exactly(2),
        ).because("a SYN counts as a byte, and so is acknowledged like one; an ACK alone counts as none"),
      ],
    },
    "nobody-accepts": {
      summary: "the server listens, and never calls accept()",
      setup: setup({ ...PLAIN, accepts: false }),
      exact: [
        ...handshake,
        connected.because("the kernel answers a SYN, not the program"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "ESTABLISHED", side: "listener", port: 8080, owner: "none" },
          exactly(1),
        ).because("it has no descriptor until accept() makes one"),
        quantity(
          "connections that wait for accept() in the last sample",
          queued({ host: "server", port: 8080 }, "last"),
          exactly(1),
        ).because("the third segment puts a connection into the accept queue, and accept() takes it out"),
      ],
    },
    refused: {
      summary: "nobody listens on the port",
      setup: setup({ ...PLAIN, port: 8081 }),
      exact: [
        segmentsAre(["SYN from client", "RST-ACK from server"], "no socket exists for this port"),
        statesPassed({ host: "client" }, ["SYN-SENT", "CLOSED"]).because("a RST ends it at once"),
        neverSeen({ host: "server", port: 8080 }).because("a refused SYN leaves nothing behind"),
        callsEnded({ program: "client", call: "connect" }, "ECONNREFUSED", exactly(1)).because(
          "the RST acknowledges the SYN, so the client accepts it",
        ),
        waits("client", "connect", 1, "a refusal, too, takes one round trip"),
        counterMoved({ counter: "TcpAttemptFails", host: "client" }, exactly(1)).because(
          "a change from SYN-SENT to CLOSED counts as a failed attempt",
        ),
      ],
    },
    "no-options": {
      summary: "the client's kernel offers no option that can be switched off",
      setup: setup({ ...PLAIN, clientOffers: "none" }),
      exact: [
        ...handshake,
        ...accepted,
        optionsAre(
          { syn: "MSS 1460", synAck: "MSS 1460", ack: "nothing" },
          "a SYN-ACK offers only what the SYN offered: if one end lacks an option, the connection lacks it",
        ),
      ],
    },
  },
});
