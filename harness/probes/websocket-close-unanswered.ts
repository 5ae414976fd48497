import { type DialogueStep, dialogueOf } from "../measure/dialogue.ts";
import { wireConnections } from "../measure/packets.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { asksForHttp, hadTime } from "./claims.ts";
import {
  CLOSES_MS,
  FIN_TIMEOUT_S,
  type Goodbye,
  type HeldEnd,
  heldEnd,
  isHeldTooLong,
  longestMs,
  OPEN,
} from "./held-end.ts";
import { dialogue, sceneOf } from "./scene.ts";

const CLIENT = "rude";
/** The example of RFC 6455 section 1.3: 16 bytes in base64. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
/**
 * A frame for each of whose faults a server must fail the connection: it is not masked (section 5.1), its reserved bits are set without an
 * extension, and its opcode is reserved (section 5.2). Not every implementation looks for each.
 */
const FAULTY = "\\xf3\\x05hello";

export const probe: Probe = {
  id: "websocket-close-unanswered",
  title: "a client of WebSocket breaks the protocol, and never answers the server's close",
  claim: "a WebSocket that the server has begun to close ends, although its client never answers",
  because:
    "the server waits for the client's Close frame and its FIN, and neither TCP nor keep-alive ends that: without a deadline of its own, the program waits as long as the client likes",
  explainedBy: "close-handshake-without-deadline",
  waits: true,
  skips: asksForHttp,
  skipsAfter: (server, recording) => whyNoWebSocket(server, recording),
  setup: (server, { answerMs, patienceMs }) => {
    const mostMs = longestMs(patienceMs);
    const steps = [
      `send ${upgradeOf(server)}`,
      `switch ${answerMs}`,
      `send ${FAULTY}`,
      `try close-frame ${mostMs}`,
      "stay",
    ];
    const left = { host: "server", side: "listener" as const, port: server.port, state: OPEN };
    return sceneOf(server, {
      hosts: { server: { "net.ipv4.tcp_fin_timeout": String(FIN_TIMEOUT_S) } },
      clients: { [CLIENT]: { run: dialogue(server, steps), withinMs: mostMs + 2 * answerMs + 10_000 } },
      phases: {
        load: {
          until: {
            any: [{ exited: [CLIENT] }, { counter: "TcpActiveOpens", host: "client", atLeast: 1 }],
          },
          withinMs: answerMs + 10_000,
        },
        drain: {
          until: {
            any: [
              { exited: [CLIENT] },
              { elapsedMs: mostMs + answerMs },
              { all: [{ elapsedMs: CLOSES_MS }, { sockets: left, atMost: 0 }] },
            ],
          },
          withinMs: mostMs + answerMs + 5_000,
        },
      },
    });
  },
  claims: (_, bounds) => [ends(bounds), failsIt(bounds), howItWent],
};

/** The request that opens a WebSocket (RFC 6455 section 4.1), at the path of the server's request. */
function upgradeOf({ request, port }: CheckedServer): string {
  const fields = [
    `Host: server:${port}`,
    "User-Agent: lastack",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${KEY}`,
    "Sec-WebSocket-Version: 13",
  ];
  return `${[`GET ${pathOf(request)} HTTP/1.1`, ...fields].join("\\r\\n")}\\r\\n\\r\\n`;
}

function pathOf(request: string): string {
  return request.split(" ")[1] ?? "/";
}

/** Why the server's answer leaves nothing to probe. No answer at all is no reason. */
function whyNoWebSocket({ request }: CheckedServer, recording: Recording): string | null {
  const step = upgradeIn(recording);
  const status = step?.answer?.status ?? null;
  const not = `the server does not speak WebSocket at ${pathOf(request)}`;
  if (step === null || step.outcome === "ok") return null;
  if (status !== null && status !== 101) return `${not}: its answer is ${status}`;
  // It can also say so with a FIN: such as a server that knows WebSocket at other paths.
  return step.outcome === "empty" ? `${not}: it closes the connection without an answer` : null;
}

function upgradeIn(recording: Recording): DialogueStep | null {
  const [connection] = dialogueOf(recording, { program: CLIENT });
  return connection?.steps.find(({ step }) => step === "switch") ?? null;
}

function ends({ patienceMs }: ProbeBounds): ProbeClaim {
  return {
    claim: `the server holds no descriptor of a WebSocket that it has begun to close, after ${longestMs(patienceMs) / 1000} s`,
    because: "an endpoint that fails a connection need not wait for an answer (RFC 6455, section 7.1.7)",
    needs: ["packet", "sockets", "report"],
    test: (recording) => {
      const seen = seenIn(recording);
      if ("holds" in seen) return seen;
      if (seen.answered !== null) return { holds: null, observed: `${seen.observed}; ${seen.answered}` };
      return { holds: !isHeldTooLong(seen, patienceMs), observed: seen.observed };
    },
    atAnyPace: hadTime,
  };
}

function failsIt({ patienceMs }: ProbeBounds): ProbeClaim {
  return {
    claim: `the server begins to close a WebSocket whose client sends a frame that is none, within ${longestMs(patienceMs) / 1000} s`,
    because:
      "a server must fail a connection whose frame has no mask, or reserved bits or a reserved opcode (RFC 6455, sections 5.1 and 5.2): what follows cannot be read with certainty",
    needs: ["packet", "sockets", "report"],
    test: (recording) => {
      const seen = seenIn(recording);
      return "holds" in seen ? seen : { holds: seen.goodbye !== null, observed: seen.observed };
    },
    otherwise: "warn",
    atAnyPace: hadTime,
  };
}

const howItWent: ProbeClaim = {
  claim: "how the server closes a WebSocket",
  because:
    "a Close frame first, then a FIN at once or after a wait for the client's Close frame: all are right",
  needs: ["packet", "sockets", "report"],
  test: (recording) => {
    const seen = seenIn(recording);
    return "holds" in seen ? seen : { holds: true, observed: seen.observed };
  },
  otherwise: "informational",
};

/** What became of the server's end; or the answer to every claim, when no WebSocket was opened. */
function seenIn(recording: Recording): HeldEnd | Answer {
  const [connection] = wireConnections(recording);
  const upgrade = upgradeIn(recording);
  if (connection === undefined || upgrade === null)
    return { holds: null, observed: "there was no connection" };
  if (upgrade.outcome !== "ok") {
    const observed = `the upgrade to WebSocket was not answered: ${upgrade.outcome} (another path: --request)`;
    return { holds: null, observed };
  }
  const frame = closeFrameIn(recording);
  const seen = heldEnd(recording, connection, frame === null ? [] : [frame]);
  return seen ?? { holds: null, observed: "the server's sockets were not sampled" };
}

function closeFrameIn(recording: Recording): Goodbye | null {
  const [connection] = dialogueOf(recording, { program: CLIENT });
  const step = connection?.steps.find((one) => one.step === "close-frame" && one.outcome === "ok");
  return step === undefined ? null : { atUs: step.atUs + Math.round(step.ms * 1000), what: "Close frame" };
}
