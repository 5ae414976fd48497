import { dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { allServed } from "./claims.ts";
import { inSeconds } from "./rows.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

const [READER, OTHERS] = ["reader", "others"];
/** So many ask, and do not read. */
const READERS = 2;
/** The answers that each is owed in the end, where the server takes all the requests. */
const OWED_BYTES = 64 * 2 ** 20;
/** They ask in pieces of this length, at most so often; between two pieces the others have their turn. */
const PIECE_BYTES = 30_000;
const MOST_PIECES = 1_500;
const BREATH_MS = 2;
/** A small window: few answers go to the client's kernel. */
const RECEIVE_BUFFER = 8_192;
const ASKING = 5;
/** The others come when the readers have asked for so long. */
const OTHERS_AFTER_MS = 700;

export const probe: Probe = {
  id: "reader-stops",
  title: "clients ask, and do not read the answers",
  claim: "a client that does not read costs the server little memory, and takes nothing from the others",
  because:
    "what a client does not take waits somewhere: a server that goes on reading requests meanwhile keeps all the answers in its memory, and a single client can fill it",
  explainedBy: "slow-reader-zero-window",
  waits: true,
  setup: (server, { answerMs, patienceMs }) => {
    const asked = OTHERS_AFTER_MS + 3 * ASKING * answerMs;
    return sceneOf(server, {
      clients: {
        [READER]: {
          run: reader(server, asked + patienceMs),
          withinMs: 2 * (asked + patienceMs) + 10_000,
        },
        [OTHERS]: {
          run: dialogue(
            server,
            [...exchange(server, answerMs, true), "close"],
            ["--connections", String(ASKING), "--concurrency", "1"],
          ),
          withinMs: 3 * ASKING * answerMs,
          when: { elapsedMs: OTHERS_AFTER_MS },
        },
      },
      phases: {
        load: { until: { exited: [OTHERS] }, withinMs: asked + 1_000 },
        drain: {
          until: { any: [noneHeld(server), { elapsedMs: patienceMs }] },
          withinMs: patienceMs + 5_000,
        },
      },
      segments: "counted",
    });
  },
  claims: (server, { patienceMs }) => [
    littleMemory,
    allServed(OTHERS, "there is room in the kernel for their answers"),
    endsSomeDay(server, patienceMs),
  ],
};

/** The command of those that ask and do not read. */
function reader(server: CheckedServer, staysMs: number): string[] {
  const mostInPiece = Math.max(1, Math.floor(PIECE_BYTES / server.request.length));
  const wanted = Math.ceil(OWED_BYTES / Math.max(1, server.answerBytes));
  const inPiece = Math.min(mostInPiece, wanted);
  const pieces = Math.min(MOST_PIECES, Math.ceil(wanted / inPiece));
  // When the server has stopped reading, a piece is not taken: it is tried again.
  const steps = ["pause", `try send ${server.request.repeat(inPiece)}`, `wait ${BREATH_MS}`];
  return dialogue(server, steps, [
    ...["--connections", String(READERS), "--repeat", String(pieces), "--last", `wait ${staysMs}`],
    ...["--receive-buffer", String(RECEIVE_BUFFER), "--report", "ends"],
  ]);
}

const held = ({ port }: Pick<CheckedServer, "port">) =>
  ({ host: "server", side: "listener", state: ["ESTABLISHED", "CLOSE-WAIT"], port }) as const;

function noneHeld(server: CheckedServer): Condition {
  return { sockets: { ...held(server), state: [...held(server).state] }, atMost: 0 };
}

/** More than a runtime with a lazy garbage collector takes for some thousand answers. */
const MOST_GROWN_MIB = 64;
const MIB = 2 ** 20;

const littleMemory: ProbeClaim = {
  claim: `its memory grows by ${MOST_GROWN_MIB} MiB or less`,
  because: "the kernel has buffers for both directions; when they are full, it is the client's turn",
  needs: ["processes", "report"],
  atAnyPace: true,
  test: (recording) => {
    const grown = grownBytes(recording);
    if (grown === null) return { holds: null, observed: "it was not sampled before and after they asked" };
    const mib = Math.round(grown / MIB);
    return { holds: grown <= MOST_GROWN_MIB * MIB, observed: `it grew by ${mib} MiB` };
  },
};

/** By how much the processes grew that were there before the readers connected; null without a sample of them. */
function grownBytes(recording: Recording): number | null {
  const cameUs = Math.min(...dialogueOf(recording).map(({ atUs }) => atUs));
  const looks = samplesOf(recording, "processes", "server");
  const before = looks.findLast(({ atUs }) => atUs < cameUs);
  const after = looks.filter(({ atUs, phase }) => atUs >= cameUs && phase !== "end");
  if (before === undefined || after.length === 0) return null;
  const had = new Map(before.processes.map(({ pid, rssBytes }) => [pid, rssBytes]));
  const most = new Map<number, number>();
  for (const { pid, rssBytes } of after.flatMap(({ processes }) => processes))
    most.set(pid, Math.max(most.get(pid) ?? 0, rssBytes));
  return [...had].reduce((sum, [pid, bytes]) => sum + Math.max(0, (most.get(pid) ?? 0) - bytes), 0);
}

function endsSomeDay(server: CheckedServer, patienceMs: number): ProbeClaim {
  return {
    claim: `it ends the connection of a client that does not read within ${patienceMs / 1000} s`,
    because: "each costs a descriptor and its buffers; a limit is the server's choice, and none is a risk",
    needs: ["sockets"],
    otherwise: "informational",
    test: (recording) => {
      const cameUs = Math.min(...dialogueOf(recording, { program: READER }).map(({ atUs }) => atUs));
      const drain = socketSeries(recording, held(server)).during("drain");
      const left = drain.last;
      if (left === null) return { holds: null, observed: "no sockets were sampled" };
      const gone = drain.points.find(({ value }) => value === 0);
      return gone === undefined
        ? { holds: false, observed: `${left.value} of ${READERS} are still connected` }
        : { holds: true, observed: `none is connected any more after ${inSeconds(gone.atUs - cameUs)}` };
    },
  };
}
