import {
  atLeast,
  between,
  callsEnded,
  exactly,
  fact,
  portsUsed,
  portsWithin,
  quantity,
  setupOf,
  socketsAtEndOf,
  times,
  type Bound,
  type ExactExpectation,
  type Figure,
  type Setup,
} from "../../harness/experiment.ts";

const CONNECTIONS = 23;
/** Attempts of the client that binds: the second fails, as all later ones would. */
const ATTEMPTS = 5;
const PORT = 40_001;
/**
 * A port that no other experiment connects to: the kernel continues from the last port used for the same two addresses and this port,
 * in any namespace.
 */
const SERVICE = 8097;
/** Ports on which nobody listens: a refused connect() takes a local port too. */
const CLOSED_PORT = 8101;

interface Plan {
  /** The client's calls, and the number of connections that the server accepts and closes first. */
  client: string[];
  served: number;
  /** The connections that the client is left with. */
  kept: number;
}

function setup({ client, served, kept }: Plan): Setup {
  const accepted = times(served, ["accept", "close"]);
  return setupOf({
    servers: { server: ["clients/calls", `listen ${SERVICE} 64`, ...accepted, "stay"] },
    clients: { client: ["clients/calls", ...client, "stay"] },
    phases: {
      load: {
        until: { sockets: { host: "client", state: "CLOSE-WAIT", port: SERVICE }, atLeast: kept },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 600 },
    },
    everyMs: { sockets: 100, counters: 250 },
  });
}

/** A client that reads end-of-file and does not close. */
const careless = [`connect {server}:${SERVICE}`, "recv end", "keep"];

/** The largest step that counts as small: 1/282 of the default range. */
const SMALL = 100;

const ports = (things: string, figure: Figure, bound: Bound, because: string): ExactExpectation =>
  quantity(things, figure, bound).because(because);

export const experiment = fact({
  id: "client-ports",
  title: "The ports that connect() takes, and those that CLOSE-WAIT keeps",
  question: "Which port does the kernel give a client, and can one port be enough?",
  tags: ["ports", "so-reuseaddr", "close-wait"],
  variants: {
    "one-destination": {
      summary: "connection after connection to one server, with SO_REUSEADDR, and none is closed",
      setup: setup({
        client: times(CONNECTIONS, ["set SO_REUSEADDR 1", ...careless]),
        served: CONNECTIONS,
        kept: CONNECTIONS,
      }),
      exact: [
        socketsAtEndOf(
          "drain",
          { host: "client", state: "CLOSE-WAIT", port: SERVICE },
          exactly(CONNECTIONS),
        ).because("the server closed each, and the client none"),
        ports(
          "ports",
          portsUsed(),
          exactly(CONNECTIONS),
          "the option is for bind(); connect() takes a free port each time",
        ),
        ports(
          "ports that are the one before and one",
          portsWithin(1),
          exactly(0),
          "connect() keeps to ports of one parity while half of them are free",
        ),
        ports(
          `ports that are at most ${SMALL} above the one before`,
          portsWithin(SMALL),
          atLeast(CONNECTIONS - 4),
          "it continues from the last port for this destination, by a small random step",
        ),
      ],
    },
    bound: {
      summary: "connection after connection to one server, from one port",
      setup: setup({
        client: times(ATTEMPTS, ["set SO_REUSEADDR 1", `bind ${PORT}`, ...careless]),
        served: 1,
        kept: 1,
      }),
      exact: [
        callsEnded({ program: "client", call: "bind" }, 0, exactly(ATTEMPTS)).because("nobody listens there"),
        callsEnded({ program: "client", call: "connect" }, "EADDRNOTAVAIL", exactly(ATTEMPTS - 1)).because(
          "the connection in CLOSE-WAIT has the two addresses and ports",
        ),
        socketsAtEndOf("drain", { host: "client", state: "CLOSE-WAIT", port: SERVICE }, exactly(1)).because(
          "the first, and it stays",
        ),
      ],
    },
    destinations: {
      summary: "one connect() to each of many ports",
      setup: setup({
        client: [
          ...Array.from({ length: CONNECTIONS }, (_, nth) => [
            `connect {server}:${CLOSED_PORT + nth}`,
            "close",
          ]).flat(),
          ...careless,
        ],
        served: 1,
        kept: 1,
      }),
      exact: [
        callsEnded({ program: "client", call: "connect" }, "ECONNREFUSED", exactly(CONNECTIONS)).because(
          "nobody listens there; each connect() takes a port all the same",
        ),
        ports(
          `ports that are at most ${SMALL} above the one before`,
          portsWithin(SMALL),
          between(0, 3),
          "the first port is a secret function of the destination",
        ),
      ],
    },
  },
});
