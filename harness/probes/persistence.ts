import { dialogueOf } from "../measure/dialogue.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { asksForHttp } from "./claims.ts";
import { dialogue, sceneOf, withoutConnection } from "./scene.ts";

/** How long a server may take to close after an answer that is the last. */
const CLOSES_WITHIN_MS = 1_000;

/** The ways to ask: the version, what the head has besides, and whether the client means to use the connection again. */
const ASKED = {
  plain: { version: "1.1", header: "", isKept: true },
  close: { version: "1.1", header: "Connection: close\\r\\n", isKept: false },
  old: { version: "1.0", header: "", isKept: false },
  oldKept: { version: "1.0", header: "Connection: keep-alive\\r\\n", isKept: true },
} as const;
type Way = keyof typeof ASKED;

export const probe: Probe = {
  id: "persistence",
  title: "requests of HTTP/1.0 and 1.1, with and without a Connection header",
  claim: "the server keeps or closes a connection as the request and its own answer say",
  because:
    "a client that waits for the end of a connection hangs where it stays open, and one that wants to use it again fails where it is closed without a word",
  explainedBy: "http-keep-alive",
  waits: false,
  skips: asksForHttp,
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: Object.fromEntries(
        (Object.keys(ASKED) as Way[]).map((way) => [
          way,
          {
            run: dialogue(server, stepsOf(server, way, answerMs)),
            withinMs: 2 * answerMs + CLOSES_WITHIN_MS + 5_000,
          },
        ]),
      ),
      phases: { load: { exited: Object.keys(ASKED) } },
    }),
  claims: () => [
    said(
      "plain",
      "after a request of HTTP/1.1 the connection stays open, or the answer says that it does not",
      {
        because:
          "HTTP/1.1 keeps connections; a server that does not must say close (RFC 9112, sections 9.3 and 9.6)",
        isRight: ({ isOpen, saysClose, version }) => isOpen || saysClose || version === "1.0",
      },
    ),
    said("close", "after a request with Connection: close the server closes", {
      because:
        "the client has said that it sends nothing more, and may wait for the end (RFC 9112, section 9.6)",
      isRight: ({ isOpen }) => !isOpen,
    }),
    said("old", "after a request of HTTP/1.0 the server closes", {
      because: "without keep-alive the current answer is the last of the connection (RFC 9112, section 9.3)",
      isRight: ({ isOpen }) => !isOpen,
    }),
    said(
      "oldKept",
      "a request of HTTP/1.0 with keep-alive keeps the connection, or the answer does not say keep-alive",
      {
        because: "the client reads the next answer on this connection only if this one says keep-alive",
        isRight: ({ isOpen, saysKeepAlive }) => isOpen || !saysKeepAlive,
      },
    ),
  ],
};

function requestOf({ request }: CheckedServer, way: Way): string {
  const { version, header } = ASKED[way];
  return withoutConnection(request)
    .replace(" HTTP/1.1\\r\\n", ` HTTP/${version}\\r\\n`)
    .replace(/\\r\\n\\r\\n$/, `\\r\\n${header}\\r\\n`);
}

/**
 * Whether a connection is kept is asked with another request, at once: an idle connection may be closed soon. Whether it is closed is
 * waited for.
 */
function stepsOf(server: CheckedServer, way: Way, answerMs: number): string[] {
  const { isKept } = ASKED[way];
  const ask = [`send ${requestOf(server, way)}`, `answer ${answerMs}`];
  return isKept ? [...ask, ...ask.map((step) => `try ${step}`)] : [...ask, `end ${CLOSES_WITHIN_MS}`];
}

/** What was seen after an answer. */
interface After {
  isOpen: boolean;
  saysClose: boolean;
  saysKeepAlive: boolean;
  version: string;
}

function said(
  way: Way,
  claim: string,
  { because, isRight }: { because: string; isRight: (after: After) => boolean },
): ProbeClaim {
  const test = (recording: Recording): Answer => {
    const [connection] = dialogueOf(recording, { program: way });
    const answer = connection?.steps.find(({ step }) => step === "answer");
    const [, second] = connection?.steps.filter(({ step }) => step === "answer") ?? [];
    const end = connection?.steps.find(({ step }) => step === "end");
    if (answer === undefined) return { holds: null, observed: "the client reported no answer" };
    if (answer.outcome !== "ok") return { holds: false, observed: `no answer: ${answer.outcome}` };
    const { connectionField = null, version = null } = answer.answer ?? {};
    const after: After = {
      isOpen: ASKED[way].isKept ? second?.outcome === "ok" : end?.outcome === "timeout",
      saysClose: connectionField === "close",
      saysKeepAlive: connectionField === "keep-alive",
      version: version ?? "?",
    };
    return { holds: isRight(after), observed: inWords(after, end?.ms ?? null) };
  };
  return { claim, because, needs: ["report"], test };
}

/** `endMs`: after what time it was closed; null where another request was tried. */
function inWords({ isOpen, saysClose, saysKeepAlive, version }: After, endMs: number | null): string {
  const word = saysClose ? "close" : saysKeepAlive ? "keep-alive" : "nothing of the connection";
  return `the answer of HTTP/${version} said ${word}, and ${afterwards(isOpen, endMs)}`;
}

function afterwards(isOpen: boolean, endMs: number | null): string {
  if (endMs === null) return isOpen ? "the next request was answered" : "the next request was not answered";
  return isOpen
    ? `the connection was open ${CLOSES_WITHIN_MS / 1000} s later`
    : `the connection was closed after ${Math.round(endMs)} ms`;
}
