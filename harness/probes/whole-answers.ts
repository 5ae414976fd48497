import { type DialogueStep, dialogueOf } from "../measure/dialogue.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { allServed } from "./claims.ts";
import { answerStep, dialogue, sceneOf } from "./scene.ts";

const SLOW = "slow";
/** Clients that read at once, before and after the slow ones: whether the answer is always the same. */
const [BEFORE, AFTER] = ["before", "after"];
const QUICK = 3;
/** So many read slowly, and fewer where the answers together would be larger than this. */
const [MOST_SLOW, LEAST_SLOW] = [23, 3];
const MOST_BYTES = 64 * 2 ** 20;
/** SO_RCVBUF of those that read slowly: a small window. */
const RECEIVE_BUFFER = 16_384;
/** They read for 10 ms, and then do not for 150: never so long that a server may take them for gone. */
const [READS_MS, PAUSES_MS, PAUSES] = [10, 150, 5];
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
      clients: {
        [BEFORE]: quick,
        [SLOW]: client(server, readers, slowly, limitMs),
        [AFTER]: { ...quick, when: { exited: [SLOW, BEFORE] } },
      },
      phases: {
        load: { until: { exited: [BEFORE, SLOW, AFTER] }, withinMs: 4 * (limitMs + 5_000) + PAUSES * 500 },
      },
      segments: "counted",
    });
  },
  claims: () => [
    allServed(SLOW, "it went on reading, and no pause was longer than that of a phone in a tunnel"),
    sameAnswer,
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
  const window = between.length === 0 ? [] : ["--receive-buffer", String(RECEIVE_BUFFER)];
  // It does not read before it has sent the request.
  const steps = [
    ...between.slice(0, 1),
    `send ${server.lastRequest}`,
    ...between,
    answerStep(server, limitMs),
  ];
  return {
    run: dialogue(server, [...steps, "close"], ["--connections", String(connections), ...window]),
    withinMs: 2 * limitMs + 5_000 + PAUSES * 500,
  };
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
