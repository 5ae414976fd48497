import {
  atBothEnds,
  atLeast,
  callsEnded,
  closedIn,
  exactly,
  fact,
  mark,
  neverSeen,
  quantity,
  setupOf,
  socketsAtPeak,
  socketsStay,
  statesPassed,
  timeBetween,
  type Bound,
  type Condition,
  type ExactExpectation,
  type InterventionPlan,
  type PeerPlan,
  type PeerStep,
  type Setup,
  type ShortProgram,
  type TcpState,
  type WirePlan,
} from "../../harness/experiment.ts";

/**
 * Connections of the variants in which chance plays a part, one after another: a pause of the machine can change one of them, but not
 * most.
 */
const CONNECTIONS = 5;
const MOST = 3;
/** Delay one way: a state that waits for an answer lasts long enough for a look to find it. */
const SEEN_MS = 50;
/** How long a script waits before it sends what the other end needs. */
const HELD_MS = 600;
/** As in `simultaneous-close`: both must close before either FIN arrives. */
const CROSSING_MS = 250;
const PAUSE_MS = 200;

interface Plan extends Partial<Pick<WirePlan, "rules" | "peer">> {
  /** One way. */
  delayMs?: number;
  /** Calls, or the command line of another program. */
  server?: string[] | string;
  client?: string[] | string;
  load: Condition;
  interventions?: InterventionPlan[];
}

function setup({ server, client, load, interventions = [], ...wire }: Plan): Setup {
  const program = (what: string[] | string): ShortProgram => ({
    run: typeof what === "string" ? what : ["clients/calls", ...what],
    withinMs: 15_000,
  });
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_orphan_retries": "0" },
      server: { "net.ipv4.tcp_orphan_retries": "2" },
    },
    links: [{ kind: "wire", ...wire }],
    servers: { ...(server && { server: program(server) }) },
    clients: { ...(client && { client: program(client) }) },
    phases: { load: { until: load, withinMs: 20_000 }, drain: { elapsedMs: 300 } },
    interventions,
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 500 },
  });
}

const held = (host: string, state: TcpState, forMs: number): Condition => ({
  heldForMs: forMs,
  condition: { sockets: { host, state, port: 8080 }, atLeast: 1 },
});

/** A client without a kernel that connects, and then runs the given steps. */
const script = (steps: PeerStep[]): PeerPlan => ({
  host: "client",
  port: 40_001,
  to: 8080,
  connections: 1,
  steps: [
    { after: "ready" },
    { send: { flags: ["SYN"], windowBytes: 10_000, options: { mssBytes: 1460 } } },
    { await: { flags: ["SYN", "ACK"] }, withinMs: 5000 },
    { send: { flags: ["ACK"], windowBytes: 10_000 } },
    ...steps,
  ],
});
const READY = mark("ready", { elapsedMs: 0 });

const CLIENT_FIN = { from: "client", flags: ["FIN"] } as const;

const closedWith = (count: number, bound: Bound, because: string) =>
  quantity(`connections that were closed with ${count} segments`, closedIn(count), bound).because(because);

const byTheKernel = (because: string): ExactExpectation[] => [
  socketsStay({ host: "server", state: "CLOSE-WAIT", port: 8080 }, exactly(1), { forMs: 250 }).because(
    because,
  ),
  socketsAtPeak({ host: "client", state: "FIN-WAIT-2", port: 8080 }, exactly(1)).because(
    "the acknowledgement of its FIN has come, though no program at the other end has done anything",
  ),
];

const passed = (host: "client" | "server", states: TcpState[], because: string) =>
  statesPassed({ host }, states).because(because);

export const experiment = fact({
  id: "closing-otherwise",
  title: "The states of a close that does not go as usual",
  question: "Which states need a program, and what happens to them when a segment is late or never comes?",
  tags: ["close", "states", "wire"],
  variants: {
    "never-accepted": {
      summary: "the client closes before the server's program has accepted",
      setup: setup({
        server: ["listen 8080 4", "stay"],
        client: ["connect {server}:8080", "close"],
        load: held("server", "CLOSE-WAIT", 300),
      }),
      exact: byTheKernel("the other end closes the connection while it waits for accept()"),
    },
    stopped: {
      summary: "the client closes while the server's process is stopped",
      setup: setup({
        server: ["listen 8080 4", "accept", "recv end", "stay"],
        client: ["connect {server}:8080", "send 97", `wait ${HELD_MS}`, "close"],
        load: held("server", "CLOSE-WAIT", 300),
        interventions: [
          {
            name: "stopped",
            phase: "load",
            when: held("server", "ESTABLISHED", 100),
            do: { signal: "SIGSTOP", program: "server" },
          },
          {
            name: "goes on",
            phase: "drain",
            when: { elapsedMs: 100 },
            do: { signal: "SIGCONT", program: "server" },
          },
        ],
      }),
      exact: byTheKernel("the process that would have to close does not run at all"),
    },
    overtaken: {
      summary: `a FIN arrives ${HELD_MS} ms before the 97 bytes that were sent before it`,
      setup: setup({
        delayMs: SEEN_MS,
        server: ["listen 8080 4", "accept", "recv end", "wait 300", "close", "stay"],
        peer: script([
          { send: { flags: ["FIN", "ACK"], sequence: 98, windowBytes: 10_000 } },
          { await: { flags: ["ACK"] }, withinMs: 5000 },
          { waitMs: HELD_MS },
          { send: { flags: ["PSH", "ACK"], sequence: 1, payloadBytes: 97, windowBytes: 10_000 } },
          { answer: { windowBytes: 10_000 } },
          { await: { flags: ["FIN"] }, withinMs: 5000 },
        ]),
        load: { all: [{ elapsedMs: 1500 }, { sockets: { host: "server", state: "LAST-ACK" }, atMost: 0 }] },
        interventions: [READY],
      }),
      exact: [
        quantity(
          "ms from the FIN to its acknowledgement",
          timeBetween({ segment: CLIENT_FIN, is: "sent" }, { acknowledged: CLIENT_FIN }),
          atLeast(HELD_MS),
        ).because("only what came without a gap is acknowledged, and the FIN follows the data"),
        socketsStay({ host: "server", state: "ESTABLISHED", port: 8080 }, exactly(1), {
          forMs: HELD_MS - 100,
        }).because("a FIN that arrives too early is kept, and closes nothing yet"),
        passed(
          "server",
          ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"],
          "when the data has come, the FIN is processed too",
        ),
        callsEnded({ program: "server", call: "recv" }, 97, exactly(1)).because(
          "the program, too, reads the data first and end-of-file after it",
        ),
      ],
    },
    "fin-lost": {
      summary: "both ends close at once, and the client's FIN is lost",
      setup: setup({
        delayMs: CROSSING_MS,
        rules: [
          {
            name: "first FIN",
            match: { from: "client", flags: ["FIN"], nth: { from: 1, to: 1 } },
            do: { drop: true },
          },
        ],
        server: ["listen 8080 4", "accept", `wait ${PAUSE_MS}`, "close", "stay"],
        client: ["connect {server}:8080", `wait ${PAUSE_MS + CROSSING_MS}`, "close"],
        load: atBothEnds({ state: "TIME-WAIT", port: 8080 }, { atLeast: 1 }),
      }),
      exact: [
        passed(
          "client",
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "the server's FIN comes, and the acknowledgement of its own FIN does not",
        ),
        passed(
          "server",
          ["SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"],
          "the acknowledgement comes, and the FIN only when it is repeated",
        ),
      ],
    },
    "window-shut": {
      summary:
        "the client closes with data that the server does not take, and the server closes half a second later",
      setup: setup({
        delayMs: SEEN_MS,
        peer: {
          host: "server",
          port: 8080,
          connections: 1,
          steps: [
            { await: { flags: ["SYN"] }, withinMs: 10_000 },
            { send: { flags: ["SYN", "ACK"], windowBytes: 50, options: { mssBytes: 1460 } } },
            { answer: { windowBytes: 0 } },
            { await: { payload: "some" }, withinMs: 5000 },
            { after: "client has closed" },
            { send: { flags: ["FIN", "ACK"], windowBytes: 0 } },
            { waitMs: HELD_MS },
            { answer: { windowBytes: 10_000 } },
            { send: { flags: ["ACK"], windowBytes: 10_000 } },
            { await: { flags: ["FIN"] }, withinMs: 5000 },
          ],
        },
        client: ["connect {server}:8080", "wait 150", "send 97", "close"],
        load: { sockets: { host: "client", state: "TIME-WAIT", port: 8080 }, atLeast: 1 },
        interventions: [mark("client has closed", held("client", "FIN-WAIT-1", 500))],
      }),
      exact: [
        passed(
          "client",
          ["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "CLOSING", "TIME-WAIT"],
          "its FIN waits behind 47 bytes, and has not even been sent when the other one comes",
        ),
        socketsStay({ host: "client", state: "CLOSING", port: 8080 }, exactly(1), {
          forMs: HELD_MS - 100,
        }).because("until the window opens, and the FIN is sent and acknowledged"),
      ],
    },
    "half-closed": {
      summary: "each end tries to send when the client has called shutdown(SHUT_WR)",
      setup: setup({
        delayMs: SEEN_MS,
        server: ["listen 8080 4", "accept", "recv end", "wait 300", "send 97", "close", "stay"],
        client: ["connect {server}:8080", "shutdown write", "wait 250", "send 97", "recv end", "close"],
        load: { exited: ["client"] },
      }),
      exact: [
        callsEnded({ program: "client", call: "send" }, "EPIPE", exactly(1)).because(
          "after a FIN an end cannot send",
        ),
        callsEnded({ program: "client", call: "recv" }, 97, exactly(1)).because(
          "in FIN-WAIT-2 the other direction is open",
        ),
      ],
    },
    unanswered: {
      summary: "a client that closes and is gone: nobody acknowledges the server's FIN, tcp_orphan_retries 2",
      setup: setup({
        delayMs: SEEN_MS,
        server: ["listen 8080 4", "accept", "recv end", "wait 100", "close", "stay"],
        peer: script([
          { waitMs: 100 },
          { send: { flags: ["FIN", "ACK"], windowBytes: 10_000 } },
          { await: { flags: ["FIN"] }, withinMs: 5000 },
          // All but the FIN is acknowledged once more.
          { send: { flags: ["ACK"], acknowledgement: 1, windowBytes: 10_000 } },
        ]),
        load: {
          heldForMs: 100,
          condition: {
            all: [{ elapsedMs: 1000 }, { sockets: { host: "server", state: "LAST-ACK" }, atMost: 0 }],
          },
        },
        interventions: [READY],
      }),
      exact: [
        passed(
          "server",
          ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"],
          "the kernel repeats an orphan's FIN this often, and then forgets the connection",
        ),
        socketsStay({ host: "server", state: "LAST-ACK", port: 8080 }, exactly(1), { forMs: 200 }).because(
          "an acknowledgement that does not include the FIN ends nothing",
        ),
        neverSeen({ host: "server", state: "TIME-WAIT" }).because("it closed second"),
      ],
    },
    http: {
      summary: "a Node.js HTTP server with its defaults; its clients close when they have their answer",
      setup: setup({
        delayMs: 20,
        server: "short-against-long/http-server --port 8080",
        client: `clients/short-http --to {server}:8080 --attempts ${CONNECTIONS} --concurrency 1`,
        load: { exited: ["client"] },
      }),
      exact: [closedWith(3, atLeast(MOST), "it closes at end-of-file, long before 40 ms are over")],
    },
  },
});
