import { dialogueOf } from "../measure/dialogue.ts";
import { wireConnections } from "../measure/packets.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { hadTime } from "./claims.ts";
import {
  CLOSES_MS,
  FIN_TIMEOUT_S,
  type Goodbye,
  type HeldEnd,
  heldEnd,
  isHeldTooLong,
  isResetAtOnce,
  longestMs,
  OPEN,
} from "./held-end.ts";
import { answerStep, dialogue, sceneOf } from "./scene.ts";

const CLIENT = "rude";

export const probe: Probe = {
  id: "client-never-closes",
  title: "a client never answers the server's close",
  claim: "a connection that the server has closed ends, although its client never closes it",
  because:
    "FIN-WAIT-2 of a socket that the program still holds has no timer, and a close_notify of TLS that is awaited has none either: without a deadline of its own, the program waits as long as the client likes",
  explainedBy: "fin-wait-2-pileup",
  waits: true,
  setup: (server, { answerMs, patienceMs }) => {
    const steps = [`send ${server.lastRequest}`, answerStep(server, answerMs), "stay"];
    const mostMs = longestMs(patienceMs);
    return sceneOf(server, {
      hosts: { server: { "net.ipv4.tcp_fin_timeout": String(FIN_TIMEOUT_S) } },
      clients: { [CLIENT]: { run: dialogue(server, steps), withinMs: mostMs + answerMs + 10_000 } },
      phases: {
        load: {
          // A server may be done with it before any sample.
          until: {
            any: [
              { elapsedMs: answerMs },
              { sockets: { host: "client", state: ["ESTABLISHED", "CLOSE-WAIT"] }, atLeast: 1 },
            ],
          },
          withinMs: 2 * answerMs,
        },
        drain: { until: { any: whenOver(server, patienceMs) }, withinMs: mostMs + 5_000 },
      },
    });
  },
  claims: (server, bounds) => [ends(server, bounds), withFin, howItWent],
};

function whenOver({ port, isTls }: CheckedServer, patienceMs: number): Condition[] {
  const left = { host: "server", side: "listener" as const, port };
  const over: Condition[] = [
    { elapsedMs: longestMs(patienceMs) },
    { all: [{ elapsedMs: CLOSES_MS }, { sockets: { ...left, state: OPEN }, atMost: 0 }] },
  ];
  // It leaves the close to its clients. With TLS it can have said close_notify, which no state shows.
  return isTls
    ? over
    : [
        ...over,
        { all: [{ elapsedMs: patienceMs }, { sockets: { ...left, state: "ESTABLISHED" }, atLeast: 1 }] },
      ];
}

function ends({ isTls }: CheckedServer, { patienceMs }: ProbeBounds): ProbeClaim {
  const tls = isTls ? "; TLS asks nobody to wait for the other's close_notify (RFC 8446, section 6.1)" : "";
  return {
    claim: `the server holds no descriptor of a connection that it has closed, after ${longestMs(patienceMs) / 1000} s`,
    because: `close() leaves the rest to the kernel's tcp_fin_timeout; shutdown() leaves it to the program${tls}`,
    needs: ["packet", "sockets", "processes"],
    test: (recording) => {
      const seen = seenIn(recording);
      if (seen === null) return NOTHING;
      if (seen.answered !== null) return { holds: null, observed: `${seen.observed}; ${seen.answered}` };
      return { holds: !isHeldTooLong(seen, patienceMs), observed: seen.observed };
    },
    atAnyPace: hadTime,
  };
}

const withFin: ProbeClaim = {
  claim: "no reset follows the answer",
  because:
    "an RST discards what waits to be sent, and the client may lose what it has not read yet: SO_LINGER with 0 does it, and so does close() with unread input",
  needs: ["packet"],
  test: (recording) => {
    const [connection] = wireConnections(recording);
    if (connection === undefined) return NOTHING;
    const isReset = isResetAtOnce(connection);
    return {
      holds: !isReset,
      observed: isReset ? "the server's RST came right behind its answer" : "none came at once",
    };
  },
  otherwise: "warn",
};

const howItWent: ProbeClaim = {
  claim: "how the server closes",
  because: "a server may leave the close to its clients, as long as it closes idle connections some day",
  needs: ["packet", "sockets", "processes"],
  test: (recording) => {
    const seen = seenIn(recording);
    return seen === null ? NOTHING : { holds: true, observed: seen.observed };
  },
  otherwise: "informational",
};

const NOTHING: Answer = { holds: null, observed: "there was no connection" };

function seenIn(recording: Recording): HeldEnd | null {
  const [connection] = wireConnections(recording);
  if (connection === undefined) return null;
  const notified = dialogueOf(recording, { program: CLIENT }).flatMap(({ closeNotifyUs }): Goodbye[] =>
    closeNotifyUs === null ? [] : [{ atUs: closeNotifyUs, what: "close_notify" }],
  );
  return heldEnd(recording, connection, notified);
}
