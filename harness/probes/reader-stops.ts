import { samplesOf } from "../measure/evidence.ts";
import { matchingGroups, socketSeries } from "../measure/sockets.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { SocketExample } from "../model/sample.ts";
import type { Condition } from "../model/setup.ts";
import { allServed } from "./claims.ts";
import { inSeconds } from "./rows.ts";
import { bytesIn, dialogue, exchange, sceneOf } from "./scene.ts";

const [READER, OTHERS] = ["reader", "others"];
const MIB = 2 ** 20;
/** So many ask, and do not read. */
const READERS = 3;
/** The answers that each is owed in the end, where the server takes all the requests. */
const OWED_BYTES = 40 * MIB;
/** They ask in pieces of this length as text (a word of a command line is shorter than 128 KiB, execve(2)), for answers of this length, at most so often; between two pieces the others have their turn. */
const PIECE_CHARACTERS = 80_000;
const PIECE_OWES_BYTES = MIB / 2;
const MOST_PIECES = 1_500;
const BREATH_MS = 5;
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
    littleMemory(server),
    allServed(OTHERS, "there is room in the kernel for their answers"),
    endsSomeDay(server, patienceMs),
  ],
};

/** The command of those that ask and do not read. */
function reader(server: CheckedServer, staysMs: number): string[] {
  const answerBytes = Math.max(1, server.answerBytes);
  const wanted = Math.ceil(OWED_BYTES / answerBytes);
  const inPiece = Math.max(
    1,
    Math.min(
      Math.floor(PIECE_CHARACTERS / server.request.length),
      Math.floor(PIECE_OWES_BYTES / answerBytes),
      wanted,
    ),
  );
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
const MOST_GROWN_MIB = 32;

/**
 * That the server's memory does not grow with what it owes. Two figures must say so: the processes have grown, and they have read requests for as
 * much that they have not written to the kernel. What only one of them says is a garbage collector, or requests that were counted and forgotten.
 */
function littleMemory(server: CheckedServer): ProbeClaim {
  return {
    claim: `its memory does not grow by more than ${MOST_GROWN_MIB} MiB for answers that nobody takes`,
    because: "the kernel has buffers for both directions; when they are full, it is the client's turn",
    needs: ["processes", "sockets"],
    atAnyPace: true,
    test: (recording) => {
      const grown = grownBytes(recording);
      const owed = mostOwed(recording, server);
      if (grown === null) return { holds: null, observed: "its processes were not sampled" };
      if (owed === null)
        return {
          holds: grown <= MOST_GROWN_MIB * MIB ? true : null,
          observed: `it grew by ${toMib(grown)} MiB; no sample saw a connection that it held`,
        };
      const inKernel = `${toMib(owed.writtenBytes)} MiB`;
      return {
        holds: grown <= MOST_GROWN_MIB * MIB || owed.tooMuchBytes <= MOST_GROWN_MIB * MIB,
        observed: `it grew by ${toMib(grown)} MiB; it has read requests for ${toMib(owed.askedBytes)} MiB of answers, and written ${inKernel} to the kernel; ${toMib(owed.unreadBytes)} MiB of requests wait there unread`,
      };
    },
  };
}

function toMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

/** By how much the processes grew from their first sample under load to their largest; null without samples. */
function grownBytes(recording: Recording): number | null {
  const looks = samplesOf(recording, "processes", "server").filter(({ phase }) => phase !== "end");
  const rows = looks.flatMap(({ processes, phase }) => (phase === "setup" ? [] : processes));
  if (rows.length === 0) return null;
  const sizes = new Map<number, { first: number; most: number }>();
  for (const { pid, rssBytes } of rows) {
    const known = sizes.get(pid) ?? { first: rssBytes, most: rssBytes };
    sizes.set(pid, { ...known, most: Math.max(known.most, rssBytes) });
  }
  return [...sizes.values()].reduce((sum, { first, most }) => sum + most - first, 0);
}

/** A read takes no more than this: libuv's buffer, and more than those of other libraries. Node.js reads once more after pause(). */
const READ_BYTES = 65_536;
const READS = 2;

/** What the server owes to its clients, by the counters of its kernel. */
interface Owed {
  /** The answers to the requests that it has read. */
  askedBytes: number;
  writtenBytes: number;
  /** What it has not written of these, beyond the answers to its first reads: so much comes before it knows that nobody takes them. */
  tooMuchBytes: number;
  /** Requests that it has not read. */
  unreadBytes: number;
}

/** What the server owed in the look with the most that was too much; null without figures of its connections. */
function mostOwed(recording: Recording, server: CheckedServer): Owed | null {
  const perByte = server.answerBytes / Math.max(1, bytesIn(server.request));
  const looks = samplesOf(recording, "sockets", "server")
    .filter(({ phase }) => phase !== "end")
    .map((look) => matchingGroups(look, held(server), "out").flatMap(({ examples }) => examples))
    .map((rows) => rows.filter(({ tcpInfo }) => tcpInfo !== undefined))
    .filter((rows) => rows.length > 0);
  if (looks.length === 0) return null;
  return looks
    .map((rows) => rows.map((row) => owedOn(row, perByte)).reduce(together))
    .reduce((most, one) => (one.tooMuchBytes > most.tooMuchBytes ? one : most));
}

function owedOn({ tcpInfo, receiveQueueBytes, sendQueueBytes }: SocketExample, perByte: number): Owed {
  const askedBytes = Math.max(0, (tcpInfo?.bytesReceived ?? 0) - receiveQueueBytes) * perByte;
  const writtenBytes = (tcpInfo?.bytesAcked ?? 0) + sendQueueBytes;
  const tooMuchBytes = Math.max(0, askedBytes - writtenBytes - READS * READ_BYTES * perByte);
  return { askedBytes, writtenBytes, tooMuchBytes, unreadBytes: receiveQueueBytes };
}

function together(a: Owed, b: Owed): Owed {
  return {
    askedBytes: a.askedBytes + b.askedBytes,
    writtenBytes: a.writtenBytes + b.writtenBytes,
    tooMuchBytes: a.tooMuchBytes + b.tooMuchBytes,
    unreadBytes: a.unreadBytes + b.unreadBytes,
  };
}

function endsSomeDay(server: CheckedServer, patienceMs: number): ProbeClaim {
  return {
    claim: `it ends the connection of a client that does not read within ${patienceMs / 1000} s`,
    because: "each costs a descriptor and its buffers; a limit is the server's choice, and none is a risk",
    needs: ["sockets"],
    otherwise: "informational",
    test: (recording) => {
      const series = socketSeries(recording, held(server));
      const cameUs = series.points.find(({ value }) => value > 0)?.atUs ?? 0;
      const drain = series.during("drain");
      const left = drain.last;
      if (left === null) return { holds: null, observed: "no sockets were sampled" };
      const gone = drain.points.find(({ value }) => value === 0);
      return gone === undefined
        ? { holds: false, observed: `${left.value} of ${READERS} are still connected` }
        : { holds: true, observed: `none is connected any more after ${inSeconds(gone.atUs - cameUs)}` };
    },
  };
}
