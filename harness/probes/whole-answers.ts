import { type DialogueConnection, type DialogueStep, dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { matchingGroups } from "../measure/sockets.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { allServed, isLate } from "./claims.ts";
import { portIn } from "./rows.ts";
import { answerStep, dialogue, sceneOf } from "./scene.ts";

const SLOW = "slow";
/** Clients that read at once, before and after the slow ones: whether the answer is always the same. */
const [BEFORE, AFTER] = ["before", "after"];
const QUICK = 3;
/** So many read slowly, and fewer where the answers together would be larger than this. */
const [MOST_SLOW, LEAST_SLOW] = [11, 3];
const MOST_BYTES = 16 * 2 ** 20;
/** SO_RCVBUF of those that read slowly, and of the others: a small window, and one that a wire on a busy machine has room for. */
const [SMALL_BUFFER, BUFFER] = [16_384, 131_072];
/** They read for 10 ms, and then do not for 150: never so long that a server may take them for gone. */
const [READS_MS, PAUSES_MS, PAUSES] = [10, 150, 10];
const SLOWLY_MS = PAUSES * (READS_MS + PAUSES_MS);
/** One way: so that they get a few windows each time, and not all of the answer. */
const DELAY_MS = 2;
/** The clients' kernel and the wire carry as much in a millisecond on a slow machine. */
const BYTES_PER_MS = 10_000;

export const probe: Probe = {
  id: "whole-answers",
  title: "clients with small windows read slowly",
  claim: "a client that reads slowly gets the whole answer, byte for byte",
  because:
    "a client with a small window takes an answer in many parts: a server that does not go on where the kernel had no more room, or that limits the time of the whole, cuts it",
  explainedBy: "close-delimited-truncation",
  waits: false,
  setup: (server, { answerMs }) => {
    const readers = Math.min(
      MOST_SLOW,
      Math.max(LEAST_SLOW, Math.floor(MOST_BYTES / Math.max(1, server.answerBytes))),
    );
    const limitMs = answerMs + Math.ceil((readers * server.answerBytes) / BYTES_PER_MS);
    const quick = client(server, QUICK, [], limitMs);
    return sceneOf(server, {
      delayMs: DELAY_MS,
      clients: {
        [BEFORE]: quick,
        [SLOW]: client(server, readers, slowly, limitMs),
        [AFTER]: { ...quick, when: { exited: [SLOW, BEFORE] } },
      },
      phases: {
        load: {
          until: { exited: [BEFORE, SLOW, AFTER] },
          withinMs: 4 * (QUICK * limitMs + 5_000) + 3 * SLOWLY_MS,
        },
      },
      segments: "counted",
    });
  },
  claims: (server) => [
    {
      ...allServed(SLOW, "it went on reading, and no pause was longer than that of a phone in a tunnel"),
      atAnyPace: (recording, waitedUs) =>
        dialogueOf(recording, { program: SLOW }).every((one) =>
          isCut(one) ? wasOnTime(one) : !isLate(one, waitedUs),
        ),
    },
    sameAnswer,
    longerThanBuffers(server),
  ],
};

/** Pauses, with a little reading between them. */
const slowly = Array.from({ length: PAUSES }, () => [
  "pause",
  `wait ${PAUSES_MS}`,
  "resume",
  `wait ${READS_MS}`,
]).flat();

function client(server: CheckedServer, connections: number, between: readonly string[], limitMs: number) {
  const isSlow = between.length > 0;
  const window = ["--receive-buffer", String(isSlow ? SMALL_BUFFER : BUFFER)];
  const together = ["--connections", String(connections), ...(isSlow ? [] : ["--concurrency", "1"])];
  // It does not read before it has sent the request.
  const steps = [
    ...between.slice(0, 1),
    `send ${server.lastRequest}`,
    ...between,
    answerStep(server, limitMs),
  ];
  return {
    run: dialogue(server, [...steps, "close"], [...together, ...window]),
    withinMs: (isSlow ? 2 : 2 * connections) * limitMs + 5_000 + 3 * SLOWLY_MS,
  };
}

function isCut({ outcome }: DialogueConnection): boolean {
  return outcome !== "ok" && outcome !== "timeout";
}

/** How much longer than planned one wait may be, and all of them together, so that no limit of the server's own was met for want of time. */
const [LATE_MS, LATE_SHARE] = [100, 1 / 4];

/** Whether a client paused no longer than it meant to: then its answer was not cut because the machine was busy. */
function wasOnTime({ steps }: DialogueConnection): boolean {
  const waits = steps.filter(({ step }) => step === "wait").map(({ ms }) => ms);
  const all = waits.reduce((sum, ms) => sum + ms, 0);
  return waits.every((ms) => ms <= PAUSES_MS + LATE_MS) && all <= (1 + LATE_SHARE) * SLOWLY_MS;
}

/** An answer that both kernels have room for is written at once, and nothing is tried with it. */
function longerThanBuffers({ port }: CheckedServer): ProbeClaim {
  return {
    claim: "the answer is longer than what the kernels take of it at once",
    because:
      "only then the server itself meets a slow reader; --request can name a path with a longer answer",
    needs: ["sockets", "report"],
    otherwise: "informational",
    isTold: true,
    test: (recording) => {
      const [first] = takenAtOnce(recording, port).toSorted((a, b) => b.writtenBytes - a.writtenBytes);
      if (first === undefined)
        return { holds: null, observed: "no slow reader was sampled in its first pause" };
      const { writtenBytes, receivedBytes } = first;
      return writtenBytes >= receivedBytes
        ? { holds: false, observed: `the kernels took its ${receivedBytes} B at once` }
        : {
            holds: true,
            observed: `the kernels took at most ${writtenBytes} of its ${receivedBytes} B at once`,
          };
    },
  };
}

/**
 * What the server had written to each slow reader at the end of its first pause, and what the reader got in the end. A server that has closed its
 * end has written everything.
 */
function takenAtOnce(recording: Recording, port: number): { writtenBytes: number; receivedBytes: number }[] {
  const rows = samplesOf(recording, "sockets", "server").flatMap((look) =>
    matchingGroups(look, { side: "listener", port }, "out").flatMap(({ state, examples }) =>
      examples.map((row) => ({ ...row, state, atUs: look.atUs })),
    ),
  );
  return dialogueOf(recording, { program: SLOW }).flatMap(({ atUs, localPort, receivedBytes }) => {
    const seen = rows.findLast(
      (row) => portIn(row.remote) === localPort && row.atUs > atUs && row.atUs < atUs + 1000 * PAUSES_MS,
    );
    if (seen === undefined || receivedBytes === null) return [];
    const written = (seen.tcpInfo?.bytesAcked ?? 0) + seen.sendQueueBytes;
    return [{ writtenBytes: seen.state === "ESTABLISHED" ? written : receivedBytes, receivedBytes }];
  });
}

const sameAnswer: ProbeClaim = {
  claim: "slow readers get the same bytes as quick ones",
  because: "without a length in its head, an answer that is cut looks whole",
  needs: ["report"],
  test: (recording) => {
    const [before, after, slow] = [BEFORE, AFTER, SLOW].map((program) => bodiesOf(recording, program));
    if (before === undefined || after === undefined || slow === undefined || slow.length === 0)
      return { holds: true, observed: "there is no answer of HTTP to compare" };
    const known = new Set([...before, ...after]);
    const [first = "nothing"] = known;
    if (known.size !== 1)
      return { holds: true, observed: `${known.size} quick readers got different answers` };
    const other = slow.find((body) => body !== first);
    return {
      holds: other === undefined,
      observed: other === undefined ? `all got ${first}` : `quick readers got ${first}, a slow one ${other}`,
    };
  },
};

/** The bodies of whole answers, by length and checksum. */
function bodiesOf(recording: Recording, program: string): string[] {
  const answers = dialogueOf(recording, { program }).flatMap(({ steps }) => steps.filter(isWhole));
  return answers.map(({ answer }) => `${answer?.bodyBytes} B (CRC-32 ${answer?.bodyCrc32.toString(16)})`);
}

function isWhole({ step, outcome }: DialogueStep): boolean {
  return step === "answer" && outcome === "ok";
}
