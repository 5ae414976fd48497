import {
  atMost,
  attempts,
  attemptsOk,
  between,
  counterMoved,
  exactly,
  failureMode,
  localPorts,
  outcomes,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  sysctl,
  type Answer,
  type Evidence,
  type Recording,
  type Setup,
  type SocketGroup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const BACKENDS = [8080, 8081, 8082, 8083, 8084];
/** Connections that the relay wants to each backend. */
const EACH = 23;
const WANTED = EACH * BACKENDS.length;
/** 40000 to 40045. An even number: connect() walks the ports in pairs, and may leave out one port of an odd range. */
const PORTS = 46;

function setup(program: string): Setup {
  const to = BACKENDS.map((port) => `{server}:${port}`).join(" ");
  const backend = (port: number): string => `short-against-long/tcp-server --port ${port}`;
  return setupOf({
    hosts: {
      client: {
        "net.ipv4.ip_local_port_range": `40000 ${40_000 + PORTS - 1}`,
        "net.ipv4.tcp_tw_reuse": "0",
      },
    },
    servers: Object.fromEntries(BACKENDS.map((port, nth) => [`backend-${nth + 1}`, backend(port)])),
    clients: { relay: { run: `python3 {here}/${program}.py 0.0.0.0 ${WANTED} ${to}`, withinMs: 15_000 } },
    phases: [
      { name: "load", until: { ready: ["relay"] } },
      { name: "drain", until: { elapsedMs: 1000 } },
    ],
    everyMs: { sockets: 100, counters: 250, processes: 500 },
  });
}

const relay = { program: "relay" };

/** The local ports of all connections that were made. */
function portsTaken(recording: Recording): number {
  const taken = attempts(recording, relay).flatMap(({ localPort }) => localPort ?? []);
  return new Set(taken).size;
}

/** Connections to one destination at one moment: how many there are, and the local ports of those that were recorded. */
interface Destination {
  count: number;
  ports: number[];
}

const portOf = (end: string): number => Number(end.slice(end.lastIndexOf(":") + 1));

/** The destinations of a look's connecting ends. The rows of a group stand for all of it. */
function destinations(groups: SocketGroup[]): Destination[] {
  const found = new Map<string, Destination>();
  for (const { side, state, count, examples } of groups) {
    if (side !== "connector" || state === "LISTEN") continue;
    for (const { local, remote } of examples) {
      const one = found.get(remote) ?? { count: 0, ports: [] };
      found.set(remote, { count: one.count + count / examples.length, ports: [...one.ports, portOf(local)] });
    }
  }
  return [...found.values()];
}

/** The looks in which nearly every port of the range is taken once, and no destination has more than half of them. */
function crowded(evidence: Evidence): Destination[][] {
  const range = localPorts(evidence) ?? 0;
  return samplesOf(evidence, "sockets")
    .map(({ groups }) => destinations(groups))
    .filter((all) => {
      const total = all.reduce((sum, { count }) => sum + count, 0);
      return total >= 0.9 * range && total <= range && all.every(({ count }) => count <= range / 2);
    });
}

function rangeIsUsedUp(evidence: Evidence): Answer {
  const range = localPorts(evidence);
  if (range === null) return { holds: null, observed: "net.ipv4.ip_local_port_range was not read" };
  const [look] = crowded(evidence);
  if (look === undefined) return { holds: false, observed: `no sample showed that of ${range} ports` };
  const total = Math.round(look.reduce((sum, { count }) => sum + count, 0));
  return { holds: true, observed: `${total} connections to ${look.length} destinations, and ${range} ports` };
}

/** Ports that connect() takes for a destination only when all ports of the other parity are taken there, each once. */
function portsOfBind(evidence: Evidence): Answer {
  const first = Number.parseInt(sysctl(evidence, "net.ipv4.ip_local_port_range") ?? "", 10);
  if (Number.isNaN(first)) return { holds: null, observed: "net.ipv4.ip_local_port_range was not read" };
  const seen = new Set(crowded(evidence).flatMap((look) => look.flatMap(({ ports }) => ports)));
  const other = [...seen].filter((port) => (port - first) % 2 !== 0);
  return {
    holds: other.length >= 2,
    observed: `${other.length} of ${seen.size} local ports have another parity than ${first}, the first of the range`,
  };
}

export const experiment = failureMode({
  id: "bind-before-connect",
  title: "EADDRINUSE before connect(): a port is taken for every destination",
  question: "How many connections can a client have that chooses its own address with bind()?",
  tags: ["ports", "bind"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "bind() to an address and port 0, then connect()",
      setup: setup("buggy"),
      exact: [
        attemptsOk(relay, exactly(PORTS)).because(
          "each connection takes a port of its own, and there are 46",
        ),
        outcomes(relay, "connect EADDRINUSE", exactly(WANTED - PORTS)).because(
          "bind() with port 0 looks for a port that no socket is bound to, whatever its destination",
        ),
        quantity(
          "local ports of all connections",
          { needs: ["attempt"], of: portsTaken },
          exactly(PORTS),
        ).because("no two connections share a port"),
        ...BACKENDS.map((port) =>
          socketsAtEndOf(
            "drain",
            { host: "client", state: "ESTABLISHED", side: "connector", port },
            between(8, 11),
          ).because("the backends take turns, and a fifth of the range is left for each"),
        ),
        counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(PORTS)).because(
          "bind() fails before a SYN is made: no packet leaves",
        ),
      ],
    },
    fixed: {
      summary: "connect() without bind()",
      setup: setup("fixed"),
      exact: [
        attemptsOk(relay, exactly(WANTED)).because("the range is there for each destination again"),
        quantity(
          "local ports of all connections",
          { needs: ["attempt"], of: portsTaken },
          atMost(PORTS),
        ).because("connections to different backends have the same ports"),
      ],
    },
    "fixed-by-option": {
      summary: "bind() with IP_BIND_ADDRESS_NO_PORT, then connect()",
      setup: setup("fixed-by-option"),
      exact: [
        attemptsOk(relay, exactly(WANTED)).because(
          "bind() sets the address alone, and connect() chooses the port",
        ),
        quantity(
          "local ports of all connections",
          { needs: ["attempt"], of: portsTaken },
          atMost(PORTS),
        ).because("connections to different backends have the same ports"),
      ],
    },
  },
  symptom: [
    {
      claim:
        "at least 90 % of the ephemeral ports are taken once each at connecting ends, and no destination has more than half of them",
      because: "connect() uses a port again for another destination; bind() with port 0 does not",
      needs: ["sockets"],
      test: rangeIsUsedUp,
    },
    {
      claim: "local ports have another parity than the first port of the range",
      because:
        "connect() takes these only when it has used up the others for a destination; bind() takes them first",
      needs: ["sockets"],
      test: portsOfBind,
    },
  ],
  overlaps: {},
});
