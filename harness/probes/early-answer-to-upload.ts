import { type DialogueConnection, dialogueOf } from "../measure/dialogue.ts";
import { segments } from "../measure/segments.ts";
import type { Answer } from "../model/expectation.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { dialogue, sceneOf } from "./scene.ts";

/** More than the kernels of both hosts take while the server does not read: then the client is still sending when the answer comes. */
const UPLOAD_BYTES = 8 * 1024 * 1024;
/** How long the client tries to send it all: some servers read nothing, and close nothing. */
const SENDS_MS = 2_000;
/** One way: the answer needs more than one round trip, as it does on most ways to a server. */
const DELAY_MS = 10;
/** A path that no server has. */
const PATH = "/lastack-no-such-path";

export const probe: Probe = {
  id: "early-answer-to-upload",
  title: "a client uploads much to a path that is refused",
  claim: "an answer that comes before the end of the upload is not destroyed by a reset",
  because:
    "a close() with unread input sends an RST, and the client loses the answer that says why (RFC 9112, section 9.6): it sees a broken connection and tries again",
  explainedBy: "lingering-close",
  waits: false,
  skips: ({ speaks }) => (speaks === "http" ? null : "asks for HTTP"),
  setup: (server, { answerMs }) => {
    const head = `POST ${PATH} HTTP/1.1\\r\\nHost: server:${server.port}\\r\\nUser-Agent: lastack\\r\\n`;
    const fields = `Content-Type: application/octet-stream\\r\\nContent-Length: ${UPLOAD_BYTES}\\r\\n\\r\\n`;
    const steps = [
      // Like many clients, it reads when it has sent everything, or when it cannot send any more.
      "pause",
      `send ${head}${fields}`,
      `try fill ${UPLOAD_BYTES} ${Math.min(SENDS_MS, answerMs)}`,
      "resume",
      `try answer ${answerMs}`,
      "close",
    ];
    return sceneOf(server, {
      delayMs: DELAY_MS,
      clients: { uploader: { run: dialogue(server, steps), withinMs: 4 * answerMs } },
      phases: { load: { exited: ["uploader"] } },
    });
  },
  claims: () => [notDestroyed, notFollowed, readAll],
};

const notDestroyed: ProbeClaim = {
  claim: "an answer that the server has sent arrives whole",
  because: "close() with unread input discards what waits to be sent, and its RST ends the connection",
  needs: ["packet", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    if (seen === null) return NOTHING;
    const isLost = seen.answered && !seen.isComplete && seen.wasReset;
    return {
      holds: !isLost,
      observed: `${seen.answer}${seen.wasReset ? ", and an RST came" : ""}; ${seen.sent}`,
    };
  },
};

const notFollowed: ProbeClaim = {
  claim: "no reset follows the answer while the client still sends",
  because:
    "a client that stops at the failed send, and some kernels, lose an answer that has arrived and was not read yet; Linux keeps it for a client that reads on",
  needs: ["packet", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    if (seen === null) return NOTHING;
    const isFollowed = seen.answered && seen.wasReset;
    return {
      holds: !isFollowed,
      observed: `${seen.answer}; ${seen.sent}${seen.wasReset ? ", when the server's RST came" : ""}`,
    };
  },
  otherwise: "warn",
};

const readAll: ProbeClaim = {
  claim: "whether the server reads an upload that it refuses",
  because:
    "that keeps the connection for the next request, and costs the time of the upload; a server may do either",
  needs: ["packet", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    return seen === null ? NOTHING : { holds: true, observed: `${seen.answer}; ${seen.sent}` };
  },
  otherwise: "informational",
};

const NOTHING: Answer = { holds: null, observed: "no upload was begun" };

/** What became of the upload and of its answer. */
interface Seen {
  sent: string;
  answer: string;
  answered: boolean;
  isComplete: boolean;
  isWhole: boolean;
  /** Whether an RST of the server came before the client had sent everything. */
  wasReset: boolean;
}

function seenIn(recording: Recording): Seen | null {
  const [upload] = dialogueOf(recording, { program: "uploader" });
  const fill = stepOf(upload, "fill");
  if (upload === undefined || fill === undefined) return null;
  const fromServer = segments(recording, { from: "server", untilEnd: true });
  const bytes = fromServer.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
  const reset = fromServer.find(({ flags }) => flags.includes("RST"));
  const lastUs = segments(recording, { from: "client", payload: "some" }).at(-1)?.atUs ?? 0;
  const wasReset = reset !== undefined && (fill.outcome !== "ok" || lastUs >= reset.atUs);
  const isWhole = fill.outcome === "ok" && !wasReset;
  const read = stepOf(upload, "answer");
  const status = read?.answer?.status ?? null;
  const isComplete = read?.answer?.isComplete ?? false;
  const part = isComplete ? "whole" : `in part (${read?.bytes ?? 0} bytes)`;
  return {
    sent: isWhole
      ? "the whole upload was sent"
      : `the client had sent ${fill.bytes ?? 0} of ${UPLOAD_BYTES} bytes`,
    answer: status === null ? "no answer could be read" : `the answer ${status} could be read ${part}`,
    // With TLS, bytes of the handshake are no answer.
    answered: status !== null || (upload.closeNotify === null && bytes > 0),
    isComplete,
    isWhole,
    wasReset,
  };
}

function stepOf(connection: DialogueConnection | undefined, wanted: string) {
  return connection?.steps.find(({ step }) => step === wanted);
}
