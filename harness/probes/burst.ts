import { dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { queueSeries } from "../measure/listeners.ts";
import { wireConnections } from "../measure/packets.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { allServed } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";
import { inSeconds } from "./rows.ts";

/** How many connect at once. */
const BURST = 199;
/** Six browsers with six connections each are more. */
const SHORT_BACKLOG = 32;
const CLIENT = "burst";
/** The server is stopped by then. */
const BEGINS_AFTER_MS = 100;
/** It goes on when all have tried for so long: shorter than the second after which a SYN is sent again. */
const HELD_MS = 300;
const HELD_AT_MOST_MS = 3_000;
/** A SYN that is dropped is sent again after 1, 2, 3, 4 and more seconds: the wait for an answer is so many times that for an ordinary one. */
const TIMES_AS_LONG = 4;

export const probe: Probe = {
  id: "burst",
  title: `${BURST} clients connect while the server does nothing for a moment`,
  claim: "every client of a burst is served in the end",
  because:
    "every program does nothing for a moment: it collects garbage, writes to a disk, waits for a processor; meanwhile the kernel keeps who comes, as many as the backlog has room for",
  explainedBy: "accept-queue-overflow",
  waits: false,
  setup: (server, { answerMs }) => {
    const limitMs = TIMES_AS_LONG * answerMs;
    const opening = [`connect ${limitMs}`, ...(server.isTls ? [`handshake ${limitMs}`] : [])];
    const steps = [...opening, ...exchange(server, limitMs, true), "close"];
    const withinMs = 3 * limitMs + HELD_AT_MOST_MS;
    const all: Condition = {
      sockets: { host: "client", state: ["SYN-SENT", "ESTABLISHED"], side: "connector", port: server.port },
      atLeast: BURST,
    };
    return sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(server, steps, ["--connections", String(BURST)]),
          withinMs,
          when: { elapsedMs: BEGINS_AFTER_MS },
        },
      },
      phases: { load: { until: { exited: [CLIENT] }, withinMs: withinMs + BEGINS_AFTER_MS + 1_000 } },
      interventions: [
        {
          name: "stop",
          phase: "load",
          when: { elapsedMs: 0 },
          do: { signal: "SIGSTOP", program: "server", group: true },
        },
        {
          name: "go on",
          phase: "load",
          when: { any: [{ heldForMs: HELD_MS, condition: all }, { elapsedMs: HELD_AT_MOST_MS }] },
          do: { signal: "SIGCONT", program: "server", group: true },
        },
      ],
    });
  },
  claims: (server) => [
    allServed(CLIENT, "the kernel has finished its handshake, or its SYN is sent again: nothing is lost yet"),
    notShort(server),
    roomForAll(server),
  ],
};

function notShort({ port }: CheckedServer): ProbeClaim {
  return {
    claim: `its backlog is ${SHORT_BACKLOG} or more`,
    because:
      "six browsers with six connections each are more; whose SYN finds no room waits for a second, and then longer",
    needs: ["listeners"],
    otherwise: "warn",
    test: (recording) => {
      const backlog = backlogOf(recording, port);
      return backlog === null
        ? { holds: null, observed: "no listener was sampled" }
        : { holds: backlog >= SHORT_BACKLOG, observed: `its backlog is ${backlog}` };
    },
  };
}

function roomForAll({ port }: CheckedServer): ProbeClaim {
  return {
    claim: `${BURST} connections find room in the queue for accept() while the server does nothing`,
    because: "the kernel cuts the backlog of listen() to net.core.somaxconn, and reports no error",
    needs: ["listeners", "packet"],
    otherwise: "informational",
    test: (recording) => {
      const [again, peak] = [sentAgain(recording), queueSeries(recording, { host: "server", port }).peak];
      const late = again === 0 ? "no SYN was sent again" : `the SYNs of ${again} were sent again`;
      const queue = `at most ${peak?.value ?? 0} were in a queue with a backlog of ${backlogOf(recording, port)}`;
      return { holds: again === 0, observed: `${queue}; ${late}; ${slowest(recording)}` };
    },
  };
}

/** The backlogs of all listeners of a port together, in the look with the most; null when none was seen. */
function backlogOf(recording: Recording, port: number): number | null {
  const sums = samplesOf(recording, "listeners", "server").map(({ listeners }) =>
    listeners.filter((one) => one.port === port).reduce((sum, { backlog }) => sum + backlog, 0),
  );
  const most = Math.max(0, ...sums);
  return most === 0 ? null : most;
}

/** How many connections sent their SYN more than once. */
function sentAgain(recording: Recording): number {
  const syns = wireConnections(recording).map(({ packets }) =>
    packets.filter(({ from, flags }) => from === "client" && flags.includes("SYN")),
  );
  return syns.filter((one) => one.length > 1).length;
}

function slowest(recording: Recording): string {
  const served = dialogueOf(recording, { program: CLIENT }).filter(({ outcome }) => outcome === "ok");
  const longestMs = Math.max(0, ...served.map(({ ms }) => ms ?? 0));
  return `the slowest client had its answer after ${inSeconds(1000 * longestMs)}`;
}
