import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  outcomes,
  quantity,
  samplesOf,
  setupOf,
  socketsAtPeak,
  socketsStay,
  type Answer,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
const RATE = 20;
/** Clearly longer than a server needs to start again. */
const LONG_MS = 2000;

function setup(program: string): Setup {
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_fin_timeout": "60" } },
    servers: { server: `${program} --port 8080` },
    clients: {
      // The guest is connected when the server starts again, and closes after the server.
      guest: {
        run: ["clients/calls", "connect {server}:8080", "recv end", "close", "stay"],
        withinMs: 30_000,
      },
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --rate ${RATE}`,
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    interventions: [
      {
        name: "the server starts again",
        phase: "load",
        when: {
          heldForMs: 500,
          condition: { sockets: { host: "client", state: "ESTABLISHED" }, atLeast: 1 },
        },
        do: { signal: "SIGHUP", program: "server" },
      },
    ],
    everyMs: { sockets: 100, listeners: 250, counters: 500, processes: 500 },
  });
}

/** A stretch of looks in which a port has connections that no process holds, and no listener. */
interface Deserted {
  port: number;
  seconds: number;
  states: string[];
}

/** The longest such stretch of any port; null when there was none. */
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
  if (longest === null) return { holds: false, observed: `in ${looks.length} samples no such port` };
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
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a server whose listening sockets do not have SO_REUSEADDR starts again",
      setup: setup("restart-refused/buggy"),
      exact: [
        refusals(atLeast(5), "one TIME-WAIT is enough: it holds the port and does not share it"),
        outcomes({ program: "load" }, "connect ECONNREFUSED", atLeast(20)).because(
          "nobody listens, so the kernel answers with a RST",
        ),
        socketsStay({ host: "server", ...timeWait }, atLeast(1), { forMs: LONG_MS }).because(
          "the server closed the guest's connection first",
        ),
      ],
    },
    fixed: {
      summary: "a server whose listening sockets have SO_REUSEADDR starts again",
      setup: setup("restart-refused/fixed"),
      exact: [
        refusals(exactly(0), "both the old listener and the new one share the port"),
        attemptsOk({ program: "load" }, atLeast(ATTEMPTS - 10)).because(
          "only clients that come at the moment of the restart find no listener",
        ),
        // At the peak: the client has nothing left of that connection, so a connection of the load can get its port.
        socketsAtPeak({ host: "server", ...timeWait }, atLeast(1)).because(
          "the TIME-WAIT exists as before, but does not block the port",
        ),
      ],
    },
  },
  symptom: [
    {
      claim: `for ${LONG_MS / 1000} s or longer, connections of a port are left that nobody holds, and nobody listens on it`,
      because:
        "a restarted server normally listens at once; here the remains of its connections hold the port",
      needs: ["sockets"],
      test: isDeserted,
    },
    socketsStay({ state: ["TIME-WAIT", "FIN-WAIT-2"], side: "listener", timer: "timewait" }, atLeast(1), {
      forMs: LONG_MS,
    }).because("this host closed them first, so they hold the port for up to a minute"),
  ],
  // These restarts are refused too: they show which program must set the option, and how long the refusal lasts.
  overlaps: {
    "bind-again/neither": "the server was killed, and another one can listen on the port only after a minute",
    "bind-again/successor-only":
      "the program that tries to listen has set SO_REUSEADDR, and the killed one had not",
    "bind-again/old-only":
      "the killed program had set SO_REUSEADDR, and the one that tries to listen has not",
    "graceful-shutdown-never-ends/fixed":
      "the server was told to end and has closed its connections first; it had set SO_REUSEADDR, and nobody starts it again",
    "graceful-shutdown-never-ends/fixed-by-deadline":
      "the server was told to end, and its connections were closed with it; it had set SO_REUSEADDR, and nobody starts it again",
  },
  visible: {
    as: "remark",
    because:
      "a server that was stopped on purpose leaves the same; whether a restart is refused depends on SO_REUSEADDR, which only the programs know",
    zh: "故意停掉的服务器留下的也一样；重启是否被拒取决于 SO_REUSEADDR，只有程序自己知道",
  },
});
