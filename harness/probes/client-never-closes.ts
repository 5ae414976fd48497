import { wireConnections } from "../measure/packets.ts";
import type { Answer } from "../model/expectation.ts";
import type { Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { inSeconds, rowsOf } from "./rows.ts";
import { answerStep, dialogue, sceneOf } from "./scene.ts";

/** tcp_fin_timeout of the server's host, so that what is left to the kernel is over before patience is. */
const FIN_TIMEOUT_S = 2;
/**
 * How long a held end is waited for, if patience is not longer. Servers that close in stages have deadlines of up to 30 s: Apache's
 * MAX_SECS_TO_LINGER (server/mpm/event), nginx's lingering_time. A server without one is waited for in vain.
 */
const DEADLINES_MS = 35_000;
/** When the server's close can have been seen. */
const CLOSES_MS = 500;

export const probe: Probe = {
  id: "client-never-closes",
  title: "a client never answers the server's FIN",
  claim: "a connection that the server has closed ends, although its client never closes it",
  because:
    "FIN-WAIT-2 of a socket that the program still holds has no timer: without a deadline of its own, the program waits as long as the client likes",
  explainedBy: "fin-wait-2-pileup",
  waits: true,
  setup: (server, { answerMs, patienceMs }) => {
    const steps = [`send ${server.lastRequest}`, answerStep(server, answerMs), "stay"];
    const mostMs = mostOf(patienceMs);
    const left = { host: "server", side: "listener" as const, port: server.port };
    return sceneOf(server, {
      hosts: { server: { "net.ipv4.tcp_fin_timeout": String(FIN_TIMEOUT_S) } },
      clients: { rude: { run: dialogue(server, steps), withinMs: mostMs + answerMs + 10_000 } },
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
        drain: {
          until: {
            any: [
              { elapsedMs: mostMs },
              { all: [{ elapsedMs: CLOSES_MS }, { sockets: { ...left, state: OPEN }, atMost: 0 }] },
              // It leaves the close to its clients.
              {
                all: [{ elapsedMs: patienceMs }, { sockets: { ...left, state: "ESTABLISHED" }, atLeast: 1 }],
              },
            ],
          },
          withinMs: mostMs + 5_000,
        },
      },
    });
  },
  claims: (_, bounds) => [ends(bounds), withFin, howItWent],
};

function mostOf(patienceMs: number): number {
  return Math.max(patienceMs, DEADLINES_MS);
}

const OPEN = ["ESTABLISHED" as const, "FIN-WAIT-1" as const, "FIN-WAIT-2" as const, "CLOSING" as const];

function ends({ patienceMs }: ProbeBounds): ProbeClaim {
  return {
    claim: `the server holds no descriptor of a connection that it has closed, after ${mostOf(patienceMs) / 1000} s`,
    because: "close() leaves the rest to the kernel's tcp_fin_timeout; shutdown() leaves it to the program",
    needs: ["packet", "sockets", "processes"],
    test: (recording) => {
      const seen = seenIn(recording);
      if (seen === null) return NOTHING;
      const { finUs, heldUntilUs, isHeld, observed } = seen;
      if (finUs === null) return { holds: true, observed };
      return {
        holds: !(isHeld && heldUntilUs - finUs >= (mostOf(patienceMs) - 2 * CLOSES_MS) * 1000),
        observed,
      };
    },
  };
}

const withFin: ProbeClaim = {
  claim: "no reset follows the answer",
  because:
    "an RST discards what waits to be sent, and the client may lose what it has not read yet: SO_LINGER with 0 does it, and so does close() with unread input",
  needs: ["packet", "sockets", "processes"],
  test: (recording) => {
    const seen = seenIn(recording);
    if (seen === null) return NOTHING;
    return {
      holds: !seen.isResetAtOnce,
      observed: seen.isResetAtOnce ? "the server's RST came right behind its answer" : "none came at once",
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

/** When the server sent its FIN or RST, and until when it held its end. */
interface Seen {
  finUs: number | null;
  heldUntilUs: number;
  /** Whether the last sample still showed it held. */
  isHeld: boolean;
  /** Whether it sent an RST instead of a FIN, soon after its last data. */
  isResetAtOnce: boolean;
  observed: string;
}

function seenIn(recording: Recording): Seen | null {
  const [connection] = wireConnections(recording);
  if (connection === undefined) return null;
  const goodbye = connection.packets.find(
    ({ from, flags, phase }) => from === "server" && phase !== "end" && /FIN|RST/.test(flags.join()),
  );
  const rows = rowsOf(recording, connection, "server");
  const isHeldIn = ({ row }: (typeof rows)[number]): boolean => row !== null && row.owner !== "none";
  const held = rows.findLast(isHeldIn);
  const last = rows.at(-1);
  if (last === undefined) return null;
  const isHeld = isHeldIn(last);
  const heldUntilUs = held?.atUs ?? connection.fromUs;
  if (goodbye === undefined)
    return {
      finUs: null,
      heldUntilUs,
      isHeld,
      isResetAtOnce: false,
      observed: `the server had not closed after ${inSeconds(last.atUs - connection.fromUs)}`,
    };
  const what = goodbye.flags.includes("RST") ? "RST" : "FIN";
  const dataUs = connection.packets.findLast(
    ({ from, payloadBytes, atUs }) => from === "server" && payloadBytes > 0 && atUs <= goodbye.atUs,
  )?.atUs;
  const isResetAtOnce = what === "RST" && dataUs !== undefined && goodbye.atUs - dataUs <= CLOSES_MS * 1000;
  const forUs = Math.max(0, heldUntilUs - goodbye.atUs);
  const how = isHeld
    ? `it still held the descriptor in ${last.row?.state} ${inSeconds(forUs)} later`
    : `it held the descriptor for another ${inSeconds(forUs)}`;
  const kernel = rows.findLast(({ row }) => row !== null && row.owner === "none");
  const left =
    kernel === undefined || isHeld
      ? ""
      : `; then the kernel had ${kernel.row?.state} (tcp_fin_timeout is ${FIN_TIMEOUT_S} s here)`;
  return {
    finUs: goodbye.atUs,
    heldUntilUs,
    isHeld,
    isResetAtOnce,
    observed: `the server's ${what} came after ${inSeconds(goodbye.atUs - connection.fromUs)}; ${how}${left}`,
  };
}
