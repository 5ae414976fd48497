import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  outcomes,
  quantity,
  samplesOf,
  socketsAtPeak,
  socketsStay,
  type Answer,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

const ATTEMPTS = 97;
const RATE = 20;
/** Longer than a server that starts again needs, with time to spare. */
const LONG_MS = 2000;

function setup(program: string): Setup {
  return {
    hosts: {
      client: { sysctls: {} },
      server: { sysctls: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_fin_timeout": "60" } },
    },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: {
        ...{ host: "server", role: "server", program, args: ["--port", "8080"] },
        ...{ env: {}, limits: {}, withinMs: 10_000 },
      },
      // Is there when the server starts again, and closes when that has closed.
      guest: {
        ...{ host: "client", role: "client", program: "clients/calls" },
        args: ["connect {server}:8080", "recv end", "close", "stay"],
        ...{ env: {}, limits: {}, withinMs: 30_000 },
      },
      load: {
        ...{ host: "client", role: "client", program: "clients/short-tcp" },
        args: ["--to", "{server}:8080", "--attempts", String(ATTEMPTS), "--rate", String(RATE)],
        ...{ env: {}, limits: {}, withinMs: 30_000 },
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: 30_000 },
      { name: "drain", until: { elapsedMs: 500 }, withinMs: 2000 },
    ],
    interventions: [
      {
        ...{ name: "the server starts again", phase: "load" },
        when: {
          heldForMs: 500,
          condition: { sockets: { host: "client", state: "ESTABLISHED" }, atLeast: 1 },
        },
        do: { signal: "SIGHUP", program: "server" },
      },
    ],
    observers: {
      sockets: { everyMs: 100 },
      listeners: { everyMs: 250 },
      counters: { everyMs: 500 },
      processes: { everyMs: 500 },
    },
  };
}

/** A port whose connections nobody holds and on which nobody listens, in every look of a stretch. */
interface Deserted {
  port: number;
  seconds: number;
  states: string[];
}

/** The longest such stretch, of any port; null when there was none. */
function longestDeserted(evidence: Evidence): Deserted | null {
  const since = new Map<number, number>();
  let longest: Deserted | null = null;
  for (const { atUs, groups } of samplesOf(evidence, "sockets")) {
    const ends = groups.filter(({ side }) => side === "listener");
    const ports = new Map(ends.map(({ port }) => [port, ends.filter((end) => end.port === port)]));
    for (const port of since.keys()) if (!ports.has(port)) since.delete(port);
    for (const [port, own] of ports) {
      if (own.some(({ state, owner }) => state === "LISTEN" || owner !== "none")) {
        since.delete(port);
        continue;
      }
      const fromUs = since.get(port) ?? atUs;
      since.set(port, fromUs);
      const seconds = (atUs - fromUs) / 1e6;
      if (seconds >= (longest?.seconds ?? 0)) {
        longest = { port, seconds, states: [...new Set(own.map(({ state }) => state))] };
      }
    }
  }
  return longest;
}

function isDeserted(evidence: Evidence): Answer {
  const looks = samplesOf(evidence, "sockets");
  const spanUs = (looks.at(-1)?.atUs ?? 0) - (looks[0]?.atUs ?? 0);
  const longest = longestDeserted(evidence);
  if (longest === null) return { holds: false, observed: `in ${looks.length} looks no such port` };
  const { port, seconds, states } = longest;
  const observed = `for ${seconds.toFixed(2)} s nobody listened on port ${port}, which ${states.join(" and ")} had`;
  const isLong = seconds * 1000 >= LONG_MS;
  return { holds: isLong || spanUs >= LONG_MS * 1000 ? isLong : null, observed };
}

function refusals(bound: Bound, because: string): ExactExpectation {
  const how = {
    needs: ["program" as const],
    of: (recording: Recording) =>
      samplesOf(recording, "report").filter(({ report }) => report["code"] === "EADDRINUSE").length,
  };
  return quantity("attempts to bind that come to EADDRINUSE", how, bound).because(because);
}

const timeWait = { state: "TIME-WAIT", side: "listener", port: 8080 } as const;

export const experiment = failureMode({
  id: "restart-refused",
  title: "EADDRINUSE after a restart, and nobody listens on the port",
  question: "Why does a server that was started again not get its port back for a minute?",
  tags: ["time-wait", "so-reuseaddr", "restart"],
  variants: {
    buggy: {
      summary: "a server whose listening sockets do not have SO_REUSEADDR starts again",
      setup: setup("restart-refused/buggy"),
      exact: [
        refusals(atLeast(5), "one TIME-WAIT is enough: it has the port, and does not share it"),
        outcomes({ program: "load" }, "connect ECONNREFUSED", atLeast(20)).because(
          "nobody listens, and the kernel says so",
        ),
        socketsStay({ host: "server", ...timeWait }, atLeast(1), { forMs: LONG_MS }).because(
          "the server closed the guest's connection first",
        ),
      ],
    },
    fixed: {
      summary: "the same with SO_REUSEADDR",
      setup: setup("restart-refused/fixed"),
      exact: [
        refusals(exactly(0), "both the listener that was and the one that is want to share the port"),
        attemptsOk({ program: "load" }, atLeast(ATTEMPTS - 10)).because(
          "only whoever comes in the very moment of the restart meets nobody",
        ),
        // At the peak: the client has nothing left of that connection, and one of the load may be given its port.
        socketsAtPeak({ host: "server", ...timeWait }, atLeast(1)).because(
          "the TIME-WAIT is there as before, and in nobody's way",
        ),
      ],
    },
  },
  symptom: [
    {
      claim: `for ${LONG_MS / 1000} s or longer, connections of a port are left that nobody holds, and nobody listens on it`,
      because:
        "a server that starts again listens within moments; what is left of its connections has the port",
      needs: ["sockets"],
      test: isDeserted,
    },
    socketsStay({ state: ["TIME-WAIT", "FIN-WAIT-2"], side: "listener", timer: "timewait" }, atLeast(1), {
      forMs: LONG_MS,
    }).because("the host closed them first, or they would not be in the way for a minute"),
  ],
  // These are restarts that are refused, too: facts of who must set the option, and how long it lasts.
  overlaps: {
    "bind-again/neither": "the server was killed, and a minute later another one listens on the port",
    "bind-again/successor-only":
      "the program that tries to listen has set SO_REUSEADDR, and the killed one had not",
    "bind-again/old-only":
      "the killed program had set SO_REUSEADDR, and the one that tries to listen has not",
  },
});
