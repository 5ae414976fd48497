import {
  counterMoved,
  counterStill,
  exactly,
  fact,
  firstGoodbye,
  setupOf,
  socketsAtEndOf,
  times,
  wireConnections,
  type ExactExpectation,
  type InterventionPlan,
  type Recording,
  type Setup,
  type ShortProgram,
} from "../../harness/experiment.ts";

/** Bytes that the server sends at once, and that the programs that end either read or leave unread. */
const GREETING = 97;
/** The ways in which a program ends, each on a connection from a port of its own. */
const WAYS = [
  { name: "returns", port: 40_001, signal: null },
  { name: "interrupted", port: 40_002, signal: "SIGINT" },
  { name: "terminated", port: 40_003, signal: "SIGTERM" },
  { name: "crashed", port: 40_004, signal: "SIGSEGV" },
  { name: "killed", port: 40_005, signal: "SIGKILL" },
] as const;
type Way = (typeof WAYS)[number];

const SIGNALLED = WAYS.flatMap(({ name, signal }) => (signal === null ? [] : [{ name, signal }]));

/** The program that returns has a server of its own, so that only programs that wait for a signal are counted. */
const serviceOf = ({ signal }: Way): number => (signal === null ? 8081 : 8080);

function client(way: Way, before: string[]): ShortProgram {
  // None of them closes anything. The server's bytes have arrived when the program that returns ends.
  const last = way.signal === null ? "wait 1500" : "stay";
  const connect = [`bind ${way.port}`, `connect {server}:${serviceOf(way)}`];
  return { run: ["clients/calls", ...connect, ...before, last], withinMs: 60_000 };
}

function server(port: number, clients: number): ShortProgram {
  const serve = times(clients, ["accept", `send ${GREETING}`, "keep"]);
  return { run: ["clients/calls", `listen ${port} 8`, ...serve, "stay"], withinMs: 20_000 };
}

/** When all are connected, and have had time to read. */
const ALL_THERE: InterventionPlan["when"] = {
  heldForMs: 1500,
  condition: {
    sockets: { host: "client", state: "ESTABLISHED", port: 8080 },
    atLeast: SIGNALLED.length,
  },
};

function setup(before: string[]): Setup {
  return setupOf({
    links: [{ kind: "wire", delayMs: 5 }],
    servers: { server: server(8080, SIGNALLED.length), "server-of-returns": server(8081, 1) },
    clients: Object.fromEntries(WAYS.map((way) => [way.name, client(way, before)])),
    phases: { load: { exited: WAYS.map(({ name }) => name) }, drain: { elapsedMs: 300 } },
    // One after another: when the first is gone, the condition "all are connected" no longer holds.
    interventions: SIGNALLED.map(({ name, signal }, nth) => {
      const former = SIGNALLED[nth - 1];
      const when = former === undefined ? ALL_THERE : { exited: [former.name] };
      return { name: `${name} by ${signal}`, phase: "load", when, do: { signal, program: name } };
    }),
    everyMs: { sockets: 50, counters: 200, processes: 200 },
  });
}

/** The first of FIN and RST that a program's connection sent. */
function firstOfFinAndRst(recording: Recording, port: number): "FIN" | "RST" | null {
  const found = wireConnections(recording).find(({ ends: [caller] }) => caller.port === port);
  return found === undefined ? null : firstGoodbye(recording, "client", found.connection);
}

function endsWith(way: Way, flag: "FIN" | "RST", because: string): ExactExpectation {
  const how = way.signal === null ? "returned" : `was ended by ${way.signal}`;
  return {
    claim: `the connection of the program that ${how} ends with a ${flag}`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const sent = firstOfFinAndRst(recording, way.port);
      if (sent === null) return { holds: null, observed: "neither FIN nor RST was seen" };
      return { holds: sent === flag, observed: `the first of the two was a ${sent}` };
    },
  };
}

const RST_AT_CLOSE = "TcpExtTCPAbortOnClose";

export const experiment = fact({
  id: "process-ends",
  title: "How a process ends, and what the other end receives",
  question: "Is a connection closed or reset when its process dies?",
  tags: ["close", "reset", "processes", "wire"],
  variants: {
    "all-read": {
      summary: "five programs that have read their input, and end in five ways",
      setup: setup([`recv ${GREETING}`]),
      exact: [
        ...WAYS.map((way) =>
          endsWith(
            way,
            "FIN",
            "the kernel closes what a process leaves open, as close() would, however it ended",
          ),
        ),
        counterStill({ host: "client", counter: RST_AT_CLOSE }).because("nothing was left unread"),
        socketsAtEndOf("drain", { host: "server", state: "CLOSE-WAIT" }, exactly(5)).because(
          "the server has received a FIN from each, and has not closed",
        ),
      ],
    },
    "unread-input": {
      summary: "five programs that have not read their input, and end in five ways",
      setup: setup([]),
      exact: [
        ...WAYS.map((way) =>
          endsWith(
            way,
            "RST",
            "unread data is lost, and a RST reports that to the other end: the same rule in all five cases",
          ),
        ),
        counterMoved({ host: "client", counter: RST_AT_CLOSE }, exactly(5)).because(
          "the kernel counts each socket that is closed with bytes in its receive queue",
        ),
        socketsAtEndOf("drain", { host: "server", state: "CLOSE-WAIT" }, exactly(0)).because(
          "a RST ends the server's side at once",
        ),
      ],
    },
  },
});
