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
      clients: { uploader: { run: dialogue(server, steps), withinMs: 4 * answerMs } },
      phases: { load: { exited: ["uploader"] } },
    });
  },
  claims: () => [notDestroyed, readAll],
};

const notDestroyed: ProbeClaim = {
  claim: "no reset follows the answer while the client still sends",
  because: "the client's kernel may discard what it has received, and many clients stop at the failed send",
  needs: ["packet", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    if (seen === null) return NOTHING;
    const { sent, answer, resetUs, answered } = seen;
    if (!answered) return { holds: true, observed: `no answer came; ${sent}` };
    if (resetUs === null) return { holds: true, observed: `${answer}; ${sent}; no reset` };
    return { holds: false, observed: `${answer}; ${sent}, when the server's RST came` };
  },
};

const readAll: ProbeClaim = {
  claim: "the server reads the whole upload, although it refuses it",
  because:
    "that keeps the connection for the next request, and costs the time of the upload; a server may do either",
  needs: ["packet", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    return seen === null ? NOTHING : { holds: seen.isWhole, observed: `${seen.answer}; ${seen.sent}` };
  },
  otherwise: "informational",
};

const NOTHING: Answer = { holds: null, observed: "no upload was begun" };

/** What became of the upload: in words, whether an answer was sent, and when the server reset the connection before its end. */
interface Seen {
  sent: string;
  answer: string;
  answered: boolean;
  isWhole: boolean;
  resetUs: number | null;
}

function seenIn(recording: Recording): Seen | null {
  const [upload] = dialogueOf(recording, { program: "uploader" });
  const fill = stepOf(upload, "fill");
  if (upload === undefined || fill === undefined) return null;
  const fromServer = segments(recording, { from: "server", untilEnd: true });
  const payload = fromServer.filter(({ payloadBytes }) => payloadBytes > 0);
  const reset = fromServer.find(({ flags }) => flags.includes("RST"));
  const lastUs = segments(recording, { from: "client", payload: "some" }).at(-1)?.atUs ?? 0;
  const isWhole = fill.outcome === "ok" && reset === undefined;
  const read = stepOf(upload, "answer");
  const status = read?.answer?.status ?? null;
  const bytes = payload.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
  return {
    sent: isWhole
      ? "the whole upload was sent"
      : `the client had sent ${fill.bytes ?? 0} of ${UPLOAD_BYTES} bytes`,
    answer:
      status === null
        ? `${bytes} bytes came from the server, and no answer was read`
        : `the answer ${status} was read`,
    // With TLS, bytes of the handshake are no answer.
    answered: status !== null || (upload.closeNotify === null && bytes > 0),
    isWhole,
    // The RST that comes when everything was sent and read destroys nothing.
    resetUs: reset !== undefined && (fill.outcome !== "ok" || lastUs >= reset.atUs) ? reset.atUs : null,
  };
}

function stepOf(connection: DialogueConnection | undefined, wanted: string) {
  return connection?.steps.find(({ step }) => step === wanted);
}
