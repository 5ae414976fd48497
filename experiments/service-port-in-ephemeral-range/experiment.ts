import {
  exactly,
  failureMode,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  sysctl,
  type Answer,
  type Bound,
  type ExactExpectation,
  type Recording,
  type Setup,
  type SocketGroup,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const PORT = 40_022;
/** 48 ports. connect() takes the 24 even ones first: 43 connections to one destination take all of these, and so the service's. */
const RANGE = "40000 40047";
const CONNECTIONS = 43;
const TRIES = 3;
const LONG_MS = 1000;

/** `client` is the machine with the service and, beside it, an agent that keeps connections to a registry elsewhere. */
function setup(program: string, reserved?: string): Setup {
  const listens = { host: "client", state: "LISTEN" } as const;
  return setupOf({
    hosts: {
      client: {
        "net.ipv4.ip_local_port_range": RANGE,
        ...(reserved && { "net.ipv4.ip_local_reserved_ports": reserved }),
      },
    },
    servers: { registry: "short-against-long/tcp-server --port 8500" },
    clients: {
      service: { run: `${program} --tries ${TRIES}`, withinMs: 30_000 },
      agent: {
        run: `clients/long-tcp --to {server}:8500 --attempts ${CONNECTIONS} --concurrency ${CONNECTIONS} --hold-ms 600000 --at-signal`,
        withinMs: 660_000,
      },
    },
    phases: [
      {
        name: "load",
        until: {
          heldForMs: 300,
          condition: { all: [{ ready: ["service", "agent"] }, { sockets: listens, atMost: 0 }] },
        },
        withinMs: 15_000,
      },
      { name: "drain", until: { elapsedMs: 2000 } },
    ],
    interventions: [
      {
        name: "the service stops",
        phase: "load",
        when: {
          heldForMs: 300,
          condition: { all: [{ ready: ["agent"] }, { sockets: listens, atLeast: 1 }] },
        },
        do: { signal: "SIGHUP", program: "service" },
      },
      {
        name: "the agent connects",
        phase: "drain",
        when: { elapsedMs: 0 },
        do: { signal: "SIGCONT", program: "agent" },
      },
      {
        name: "the service starts",
        phase: "drain",
        when: { sockets: { host: "client", state: "ESTABLISHED" }, atLeast: CONNECTIONS },
        do: { signal: "SIGHUP", program: "service" },
      },
    ],
    everyMs: { sockets: 50, listeners: 250, counters: 500, processes: 250 },
  });
}

function starts(result: string, bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number =>
    samplesOf(recording, "report").filter(
      ({ report }) => report["kind"] === "start" && report["result"] === result,
    ).length;
  return quantity(`starts of the service that end in ${result}`, { needs: ["program"], of }, bound).because(
    because,
  );
}

const portOf = (end: string): number => Number(end.slice(end.lastIndexOf(":") + 1));

/** Whether net.ipv4.ip_local_reserved_ports, as the kernel writes it (`8080,9000-9010`), has a port; null where it was not read. */
function isReserved(port: number, reserved: string | null): boolean | null {
  if (reserved === null) return null;
  return reserved.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return from !== undefined && to !== undefined && port >= from && port <= to;
  });
}

/** An outgoing connection from a service's port on which a look shows no listener. */
interface Taken {
  local: string;
  remote: string;
  pids: number[];
}

/** What is known of the services of a host: their ports, and the processes that listened. */
interface Services {
  ports: Set<number>;
  pids: Set<number>;
}

function takenPort(
  groups: SocketGroup[],
  { ports, pids: listeners }: Services,
  [least, most]: [number, number],
): Taken | null {
  const listened = new Set(groups.filter(({ state }) => state === "LISTEN").map(({ port }) => port));
  const rows = groups
    .filter(({ state, owner }) => state !== "LISTEN" && (owner === "process" || owner === "unseen"))
    // The observer takes a socket for the listening end when its port had a listener before, in whatever process.
    .flatMap(({ side, examples }) =>
      examples.filter(({ local }) => side === "listener" || ports.has(portOf(local))),
    );
  const row = rows.find(({ local, remote, pids }) => {
    const port = portOf(local);
    if (listened.has(port) || port < least || port > most) return false;
    // A connection that the former listener accepted has a client's port at its far end, and the same process.
    return portOf(remote) < least && !pids.some((pid) => listeners.has(pid));
  });
  return row ?? null;
}

/** The longest time in which every look shows the same such connection; null when no look shows one. */
function longestTaken(evidence: View, range: [number, number]): { taken: Taken; ms: number } | null {
  const stretches: { taken: Taken; fromUs: number; ms: number }[] = [];
  const services: Services = { ports: new Set(evidence.servicePorts), pids: new Set() };
  let last: (typeof stretches)[number] | undefined;
  for (const { atUs, groups } of samplesOf(evidence, "sockets")) {
    const taken = takenPort(groups, services, range);
    for (const { state, port, examples } of groups) {
      if (state !== "LISTEN") continue;
      services.ports.add(port);
      for (const { pids } of examples) for (const pid of pids) services.pids.add(pid);
    }
    if (taken?.local !== last?.taken.local || taken?.remote !== last?.taken.remote) {
      last = taken === null ? undefined : { taken, fromUs: atUs, ms: 0 };
      if (last !== undefined) stretches.push(last);
    }
    if (last !== undefined) last.ms = (atUs - last.fromUs) / 1000;
  }
  return stretches.toSorted((one, other) => other.ms - one.ms)[0] ?? null;
}

function isTaken(evidence: View): Answer {
  const text = sysctl(evidence, "net.ipv4.ip_local_port_range") ?? "";
  const [least, most] = (text.match(/\d+/g) ?? []).map(Number);
  if (least === undefined || most === undefined) {
    return { holds: null, observed: "net.ipv4.ip_local_port_range was not read" };
  }
  const longest = longestTaken(evidence, [least, most]);
  if (longest === null) return { holds: false, observed: "no sample showed such a connection" };
  const { local, remote, pids } = longest.taken;
  const port = portOf(local);
  const reserved = isReserved(port, sysctl(evidence, "net.ipv4.ip_local_reserved_ports"));
  if (reserved === true)
    return { holds: false, observed: `port ${port} is reserved: a program has chosen it itself` };
  const holder = pids[0] === undefined ? "" : ` of pid ${pids[0]}`;
  const known = reserved === null ? "" : `, and ${port} is not reserved`;
  const words = [
    `nobody listens on port ${port}: it was the local port of a connection${holder}, from ${local} to ${remote}, for ${(longest.ms / 1000).toFixed(2)} s`,
    `ip_local_port_range is ${least} to ${most}${known}`,
  ];
  return { holds: longest.ms >= LONG_MS, observed: words.join("; ") };
}

const connected = socketsAtEndOf(
  "drain",
  { host: "client", state: "ESTABLISHED", side: "connector", port: 8500 },
  exactly(CONNECTIONS),
).because("the agent's connections are where they belong, and none has the service's port");

export const experiment = failureMode({
  id: "service-port-in-ephemeral-range",
  title: "EADDRINUSE at a start: an outgoing connection has the service's port",
  question: "Who has the port of a service that was stopped for a moment, when nobody listens on it?",
  tags: ["ports", "restart"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the service's port is one that the kernel gives to outgoing connections",
      setup: setup("service-port-in-ephemeral-range/buggy"),
      exact: [
        starts("ok", exactly(1), "the first time nobody had the port"),
        starts(
          "EADDRINUSE",
          exactly(TRIES),
          "bind() to a port fails when another socket is bound to it, unless both have set SO_REUSEADDR",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "ESTABLISHED", side: "listener", port: PORT, owner: "process" },
          exactly(1),
        ).because(
          "one of the agent's connections has the port, because it was free when connect() looked for one",
        ),
        socketsAtEndOf("drain", { host: "client", state: "LISTEN" }, exactly(0)).because(
          "the service did not start",
        ),
      ],
    },
    fixed: {
      summary: "the service's port is below the range",
      setup: setup("service-port-in-ephemeral-range/fixed"),
      exact: [starts("ok", exactly(2), "nobody else can have got the port by chance"), connected],
    },
    "fixed-by-reserved-port": {
      summary: "the service's port is in net.ipv4.ip_local_reserved_ports",
      setup: setup("service-port-in-ephemeral-range/buggy", String(PORT)),
      exact: [starts("ok", exactly(2), "connect() takes no reserved port, and bind() may"), connected],
    },
  },
  symptom: [
    {
      claim: `for ${LONG_MS / 1000} s or longer nobody listens on a service's port, and an outgoing connection has it as its local port`,
      because: "the kernel took it from ip_local_port_range; a listener on it now gets EADDRINUSE",
      needs: ["sockets"],
      test: isTaken,
    },
  ],
  overlaps: {},
});
