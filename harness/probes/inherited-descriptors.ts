import type { Probe, ProbeClaim } from "../model/probe.ts";
import { sharedSockets } from "../measure/processes.ts";
import { samplesOf } from "../measure/evidence.ts";
import type { Recording } from "../model/recording.ts";
import { holdersInWords } from "../verdict/vocabulary/wording.ts";
import { exactly } from "../verdict/vocabulary/bound.ts";
import { socketsAtEndOf } from "../verdict/vocabulary/sockets.ts";
import { allServed, hadTime } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

const CONNECTIONS = 16;
/** The connections are open for so long: several looks at the processes. */
const OPEN_MS = 600;

export const probe: Probe = {
  id: "inherited-descriptors",
  title: "connections, and the processes that the server has started",
  claim: "a connection ends when its client closes, whoever else has a descriptor of it",
  because:
    "close() ends a connection only when the last descriptor of it is closed: a child that has inherited one keeps the connection open",
  explainedBy: "forked-child-holds-connection",
  waits: false,
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: {
        many: {
          run: dialogue(
            server,
            [...exchange(server, answerMs), `wait ${OPEN_MS}`, "close"],
            [...["--connections", String(CONNECTIONS), "--concurrency", "8"]],
          ),
          withinMs: 12 * answerMs,
        },
      },
      phases: {
        load: { exited: ["many"] },
        drain: { elapsedMs: 500 },
      },
    }),
  claims: ({ port }) => [
    allServed("many", "the probe needs connections to look at"),
    heldOnce,
    noneShared(port),
  ],
};

/** That no connection stays open because another process than the server's has it. What the server itself leaks is another probe's. */
function noneShared(port: number): ProbeClaim {
  const owner = ["process", "shared"] as const;
  const left = { host: "server", state: "CLOSE-WAIT", side: "listener", port, owner } as const;
  const claim = socketsAtEndOf("drain", left, exactly(0)).because(
    "a connection whose client has closed is held by somebody who does not close it",
  );
  return { ...claim, atAnyPace: hadTime };
}

/** Only connections count: workers that accept from one listener are a common design, and so are pairs of sockets between processes. */
const heldOnce: ProbeClaim = {
  claim: "only one process holds each connection",
  because:
    "a descriptor without close-on-exec passes to every program that the server starts (open(2), O_CLOEXEC)",
  needs: ["processes", "sockets"],
  // shutdown() ends a connection for all who hold it: then nothing is lost but a descriptor.
  otherwise: "informational",
  test: (recording) => {
    const connections = inodesOf(recording);
    const shared = sharedSockets(recording, "server").filter(({ inode }) => connections.has(inode));
    const [first] = shared;
    if (connections.size === 0) return { holds: null, observed: "no connection was sampled" };
    if (first === undefined)
      return { holds: true, observed: `${connections.size} connections were looked at` };
    return {
      holds: false,
      observed: `${shared.length} were held by several processes, one of them by ${holdersInWords(first.holders)}`,
    };
  },
};

function inodesOf(recording: Recording): Set<number> {
  const rows = samplesOf(recording, "sockets", "server")
    .flatMap(({ groups }) => groups)
    .filter(({ side, state }) => side === "listener" && (state === "ESTABLISHED" || state === "CLOSE-WAIT"))
    .flatMap(({ examples }) => examples);
  return new Set(rows.map(({ inode }) => inode).filter((inode) => inode !== 0));
}
