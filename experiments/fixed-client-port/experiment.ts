import {
  calls,
  callsEnded,
  exactly,
  fact,
  setupOf,
  socketsAtPeak,
  type CallMade,
  type ExactExpectation,
  type Recording,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

const PORT = 40_001;
const [FIRST, OTHER] = [8080, 8081];

const connect = (port: number): string[] => [
  "set SO_REUSEADDR 1",
  `bind ${PORT}`,
  `connect {server}:${port}`,
];
const closedFirst = ["shutdown write", "recv end", "close"];

/** One port of the client's, used again and again while its connections wait in TIME-WAIT. */
const CLIENT = [
  "clients/calls",
  ...connect(FIRST),
  ...closedFirst,
  // Without the option.
  `bind ${PORT}`,
  "close",
  // To another destination, and to the same one; the last connection stays.
  ...connect(OTHER),
  ...closedFirst,
  ...connect(FIRST),
  "keep",
  // To the same destination, while that connection exists.
  ...connect(FIRST),
  "close",
  "stay",
];

function setup(sysctls: Sysctls): Setup {
  const served = ["accept", "recv end", "close"];
  return setupOf({
    sysctls,
    servers: {
      server: ["clients/calls", `listen ${FIRST} 8`, ...served, ...served, "stay"],
      other: ["clients/calls", `listen ${OTHER} 8`, ...served, ...served, "stay"],
    },
    clients: { client: CLIENT },
    phases: {
      load: {
        until: {
          all: [
            { sockets: { host: "client", state: "TIME-WAIT", port: OTHER }, atLeast: 1 },
            { heldForMs: 500, condition: { sockets: { host: "client", state: ["SYN-SENT"] }, atMost: 0 } },
          ],
        },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 600 },
    },
    everyMs: { sockets: 100, counters: 250 },
  });
}

/** The client's connect() calls that returned, in order: the first, to another destination, to the same one again, and once more. */
function connects(recording: Recording): CallMade[] {
  return calls(recording, { program: "client", call: "connect" }).filter(({ result }) => result !== null);
}

function nth(place: number, which: string, wanted: number | string, because: string): ExactExpectation {
  return {
    claim: `${which} comes to ${wanted}`,
    because,
    needs: ["report"],
    test: (recording) => {
      const call = connects(recording)[place];
      if (call === undefined) return { holds: null, observed: "there was no such call" };
      const { result, localPort, remotePort } = call;
      return {
        holds: result === wanted && localPort === PORT,
        observed: `connect() from port ${localPort} to port ${remotePort} came to ${result}`,
      };
    },
  };
}

const first = nth(0, "the first connect()", 0, "nobody has used the port yet");
const refused = callsEnded({ program: "client", call: "bind" }, "EADDRINUSE", exactly(1)).because(
  "without SO_REUSEADDR a port is refused while any socket has it, even one in TIME-WAIT",
);
const bindings = callsEnded({ program: "client", call: "bind" }, 0, exactly(4)).because(
  "with SO_REUSEADDR, bind() checks only whether somebody listens there",
);
const elsewhere = nth(
  1,
  "connect() to another port of the server",
  0,
  "a TIME-WAIT is for two addresses and two ports, and here one port differs",
);
const waits = socketsAtPeak({ host: "client", state: "TIME-WAIT", port: OTHER }, exactly(1)).because(
  "the client closed first and keeps it",
);
const always = [first, refused, bindings, elsewhere, waits];
const taken = nth(
  2,
  "connect() to the same port as at first",
  0,
  "the client's own TIME-WAIT is given up for it: the timestamps keep old segments out",
);
const occupied = nth(
  3,
  "connect() while that connection is there",
  "EADDRNOTAVAIL",
  "two connections must differ in an address or a port",
);

export const experiment = fact({
  id: "fixed-client-port",
  title: "A client that always calls from the same port",
  question: "Where can a client connect to from a port that is in TIME-WAIT?",
  tags: ["time-wait", "ports", "so-reuseaddr"],
  variants: {
    defaults: {
      summary: "nothing is set",
      setup: setup({}),
      exact: [...always, taken, occupied],
    },
    "reuse-off": {
      summary: "tcp_tw_reuse is 0",
      setup: setup({ "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_timestamps": "1" }),
      exact: [...always, taken, occupied],
    },
    "no-timestamps": {
      summary: "tcp_timestamps is 0",
      setup: setup({ "net.ipv4.tcp_tw_reuse": "1", "net.ipv4.tcp_timestamps": "0" }),
      exact: [
        ...always,
        nth(
          2,
          "connect() to the same port as at first",
          "EADDRNOTAVAIL",
          "without timestamps only the wait keeps old segments out",
        ),
      ],
    },
  },
});
