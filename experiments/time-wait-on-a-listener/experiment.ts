import {
  attemptsOk,
  between,
  connections,
  counterMoved,
  counterStill,
  exactly,
  fact,
  neverSeen,
  quantity,
  setupOf,
  socketsAtEndOf,
  attempts,
  type Bound,
  type ExactExpectation,
  type Recording,
  type Setup,
  type ShortSetup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

const ATTEMPTS = 397;
/** The client's ports where it has few of them, and the range that has as many. */
const PORTS = 97;
const RANGE = "40000 40096";

interface Scene {
  range?: string;
  interventions?: NonNullable<ShortSetup["interventions"]>;
  clients?: Record<string, string>;
}

function setup({ range = "32768 60999", interventions = [], clients = {} }: Scene): Setup {
  const load = `clients/short-tcp --to {server}:8080 --close server --attempts ${ATTEMPTS} --concurrency 7`;
  const all = { load, ...clients };
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_timestamps": "1",
      "net.ipv4.tcp_max_tw_buckets": "4096",
      "net.ipv4.ip_local_port_range": range,
    },
    servers: { server: "close-wait-leak/closing-server --port 8080" },
    clients: all,
    phases: { load: { exited: Object.keys(all) }, drain: { elapsedMs: 1000 } },
    interventions,
  });
}

const waiting = (bound: Bound, because: string): ExactExpectation =>
  socketsAtEndOf(
    "drain",
    { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
    bound,
  ).because(because);

const portsTaken = (recording: Recording): number =>
  new Set(attempts(recording, { program: "load" }).map(({ localPort }) => localPort)).size;

/** Nobody is blocked, and nothing is lost. */
const unharmed: ExactExpectation[] = [
  attemptsOk({ program: "load" }, exactly(ATTEMPTS)).because(
    "a listener has one port for all its connections, and TIME-WAIT does not take it away",
  ),
  counterStill({ host: "server", counter: "TcpExtListenDrops" }).because("no SYN is turned away"),
  counterStill({ host: "client", counter: "TcpExtTCPSynRetrans" }).because("each SYN is answered"),
  neverSeen({ host: "client", state: "TIME-WAIT" }).because("the server closed first"),
];

export const experiment = fact({
  id: "time-wait-on-a-listener",
  title: "Hundreds of TIME-WAIT at a server that closes first",
  question: "Whom does TIME-WAIT at a listening port block?",
  tags: ["time-wait", "ports", "healthy"],
  signs,
  variants: {
    "many-ports": {
      summary: "the client has a port for every connection",
      setup: setup({}),
      exact: [
        ...unharmed,
        waiting(
          between(ATTEMPTS - PORTS, ATTEMPTS),
          "the end whose FIN comes first waits for 60 s, if the client does not choose the same port again",
        ),
      ],
    },
    "few-ports": {
      summary: "the client comes back from ports that are in TIME-WAIT at the server",
      setup: setup({ range: RANGE }),
      exact: [
        ...unharmed,
        quantity(
          "local ports of the client",
          { needs: ["attempt"], of: portsTaken },
          between(1, PORTS),
        ).because("it has no others"),
        connections({ program: "load" }, exactly(ATTEMPTS)).because(
          "a SYN that is newer than what the port's TIME-WAIT remembers begins a new connection",
        ),
        waiting(between(1, PORTS), "the new connection has taken the place of the old one"),
      ],
    },
    restarted: {
      summary: "the server is started again among its TIME-WAIT, and more clients come",
      setup: setup({
        interventions: [
          { name: "again", phase: "load", when: { exited: ["load"] }, do: { restart: "server" } },
        ],
        clients: {
          later: `clients/short-tcp --to {server}:8080 --close server --attempts ${PORTS} --delay-ms 3000 --concurrency 7`,
        },
      }),
      exact: [
        ...unharmed,
        attemptsOk({ program: "later" }, exactly(PORTS)).because(
          "both the old and the new listener set SO_REUSEADDR",
        ),
        waiting(
          between(ATTEMPTS, ATTEMPTS + PORTS),
          "TIME-WAIT belongs to the host and outlives the program, if the client does not choose the same port again",
        ),
        counterMoved({ host: "server", counter: "TcpPassiveOpens" }, exactly(ATTEMPTS + PORTS)).because(
          "each connection is accepted once",
        ),
      ],
    },
  },
});
