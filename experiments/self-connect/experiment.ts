import {
  atLeast,
  counterStill,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  setupOf,
  socketsStay,
  type Answer,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** In the range below, and of the parity of its first port: connect() takes those ports first. */
const PORT = 40_022;
const RANGE = "40000 40045";
/** How often the service tries to start, after the agent has had time for some hundreds of attempts. */
const TRIES = 3;
const DELAY_MS = 2000;
/** A program that looks at its connection ends such a one at once. */
const LONG_MS = 1000;

function setup(program: string, reserved?: string): Setup {
  return setupOf({
    hosts: {
      server: {
        "net.ipv4.ip_local_port_range": RANGE,
        ...(reserved && { "net.ipv4.ip_local_reserved_ports": reserved }),
        "net.ipv4.tcp_tw_reuse": "0",
      },
    },
    links: [{ kind: "loopback", host: "server" }],
    clients: {
      agent: { run: `${program} --to 127.0.0.1:${PORT}`, host: "server", withinMs: 30_000 },
      service: {
        run: `self-connect/service --port ${PORT} --delay-ms ${DELAY_MS} --tries ${TRIES}`,
        host: "server",
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { elapsedMs: DELAY_MS } },
      { name: "drain", until: { elapsedMs: 1500 } },
    ],
    everyMs: { sockets: 100, counters: 250, processes: 500 },
  });
}

/** How many reports of a kind have this value of a field. */
function reports(
  things: string,
  [kind, field, value]: [string, string, string | boolean],
  bound: Bound,
  because: string,
): ExactExpectation {
  const of = (recording: Recording): number =>
    samplesOf(recording, "report").filter(({ report }) => report["kind"] === kind && report[field] === value)
      .length;
  return quantity(things, { needs: ["program"], of }, bound).because(because);
}

/** A socket whose two ends are the same, and how long every look has shown it. */
interface SelfConnected {
  end: string;
  fromUs: number;
  ms: number;
}

/** The one that was there for longest; null when no look showed any. */
function longestSelf(evidence: Evidence): SelfConnected | null {
  const stretches: SelfConnected[] = [];
  let last: SelfConnected | undefined;
  for (const { atUs, groups } of samplesOf(evidence, "sockets")) {
    const established = groups.filter(({ state }) => state === "ESTABLISHED");
    const end = established
      .flatMap(({ examples }) => examples)
      .find(({ local, remote }) => local === remote)?.local;
    if (end !== last?.end) {
      last = end === undefined ? undefined : { end, fromUs: atUs, ms: 0 };
      if (last !== undefined) stretches.push(last);
    }
    if (last !== undefined) last.ms = (atUs - last.fromUs) / 1000;
  }
  return stretches.toSorted((one, other) => other.ms - one.ms)[0] ?? null;
}

function connectedToItself(evidence: Evidence): Answer {
  const longest = longestSelf(evidence);
  if (longest === null) return { holds: false, observed: "no sample showed an ESTABLISHED socket like that" };
  return {
    holds: longest.ms >= LONG_MS,
    observed: `${longest.end} was connected with ${longest.end} for ${(longest.ms / 1000).toFixed(2)} s`,
  };
}

const self = { host: "server", state: "ESTABLISHED", side: "connector", port: PORT } as const;

const restarted = reports(
  "successful starts of the service",
  ["listen", "result", "ok"],
  exactly(1),
  "nobody has the port when the service asks for it",
);
const answered = reports(
  "answers that the agent has from the service",
  ["answer", "text", "hello from the service"],
  atLeast(1),
  "the agent goes on until it reaches the service",
);

export const experiment = failureMode({
  id: "self-connect",
  title: "A client that is connected with itself, and keeps the service from starting",
  question: "Who answers a client that calls connect() again and again while its service is down?",
  tags: ["ports", "simultaneous-open", "restart"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "every connection is taken for a connection to the service",
      setup: setup("self-connect/buggy"),
      exact: [
        reports(
          "connections of the agent to itself",
          ["connected", "isSelf", true],
          exactly(1),
          "connect() takes one free port of the range after the other, and the service's port is free and in the range",
        ),
        reports(
          "answers that are what the agent has sent",
          ["answer", "text", "hello from the agent"],
          exactly(1),
          "what is sent on such a socket arrives at the same socket",
        ),
        socketsStay({ ...self, timer: "none" }, exactly(1), { forMs: LONG_MS }).because(
          "RFC 9293 section 3.5 allows simultaneous open, and here both SYNs are the same one; nothing ends the connection",
        ),
        reports(
          "starts of the service that fail with EADDRINUSE",
          ["listen", "result", "EADDRINUSE"],
          exactly(TRIES),
          "the agent's socket has the port",
        ),
        counterStill({ host: "server", counter: "TcpPassiveOpens" }).because(
          "no listener had any part in it",
        ),
      ],
    },
    fixed: {
      summary: "a connection whose two ends are the same is reset",
      setup: setup("self-connect/fixed"),
      exact: [restarted, answered],
    },
    "fixed-by-reserved-port": {
      summary: "the service's port is in net.ipv4.ip_local_reserved_ports",
      setup: setup("self-connect/buggy", String(PORT)),
      exact: [
        restarted,
        answered,
        reports(
          "connections of the agent to itself",
          ["connected", "isSelf", true],
          exactly(0),
          "connect() takes no reserved port",
        ),
      ],
    },
  },
  symptom: [
    {
      claim: `an ESTABLISHED socket is connected with itself for ${LONG_MS / 1000} s or longer`,
      because:
        "both of its ends are the same address and port, so no other program is part of the connection",
      needs: ["sockets"],
      test: connectedToItself,
    },
  ],
  overlaps: {},
});
