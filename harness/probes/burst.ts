import { fullestQueue, queueSeries } from "../measure/listeners.ts";
import { counterDelta } from "../measure/counters.ts";
import { type DialogueConnection, dialogueOf } from "../measure/dialogue.ts";
import { samplesOf, sysctl } from "../measure/evidence.ts";
import { wireConnections } from "../measure/packets.ts";
import type { CheckedServer, Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { allServed, FAR_LONGER } from "./claims.ts";
import { inSeconds } from "./rows.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** The most that connect at once, and the fewest. */
const [MOST, FEWEST] = [199, 3];
/** How many more come than a short queue has room for. */
const BEYOND = 11;
const [CLIENT, LATER] = ["burst", "later"];
/** Clients that come when the burst is over, one after another. */
const ASKING = 3;
/** The server is stopped by then. */
const BEGINS_AFTER_MS = 100;
/** It goes on when all have tried for so long: shorter than the second after which a SYN is sent again. */
const HELD_MS = 300;
const HELD_AT_MOST_MS = 3_000;
const GO_ON = "go on";
/** A SYN that finds no room is sent again after 1 s, and again later: connect() gets so many times as long as an ordinary answer. */
const TIMES_AS_LONG_TO_CONNECT = 4;
const TIMES_AS_LONG_TO_ANSWER = 2;

export const probe: Probe = {
  id: "burst",
  title: "many clients connect while the server does nothing for a moment",
  claim: "every client that the kernel has connected is served, and so are those that come later",
  because:
    "every program does nothing for a moment: it collects garbage, writes to a disk, waits for a processor; meanwhile the kernel keeps who comes, as many as the backlog has room for",
  explainedBy: "accept-queue-overflow",
  waits: false,
  setup: (server, { answerMs }) => {
    const count = burstOf(server, answerMs);
    const [connectMs, limitMs] = [TIMES_AS_LONG_TO_CONNECT * answerMs, TIMES_AS_LONG_TO_ANSWER * answerMs];
    const opening = [`connect ${connectMs}`, ...(server.isTls ? [`handshake ${limitMs}`] : [])];
    const burstMs = connectMs + 3 * limitMs + HELD_AT_MOST_MS;
    const laterMs = 3 * ASKING * answerMs;
    const all: Condition = {
      sockets: { host: "client", state: ["SYN-SENT", "ESTABLISHED"], side: "connector", port: server.port },
      atLeast: count,
    };
    return sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(
            server,
            [...opening, ...exchange(server, limitMs, true), "close"],
            ["--connections", String(count)],
          ),
          withinMs: burstMs,
          when: { elapsedMs: BEGINS_AFTER_MS },
        },
        [LATER]: {
          run: dialogue(
            server,
            [...exchange(server, answerMs, true), "close"],
            ["--connections", String(ASKING), "--concurrency", "1"],
          ),
          withinMs: laterMs,
          when: { exited: [CLIENT] },
        },
      },
      phases: { load: { until: { exited: [CLIENT, LATER] }, withinMs: burstMs + laterMs + 1_000 } },
      interventions: [
        {
          name: "stop",
          phase: "load",
          when: { elapsedMs: 0 },
          do: { signal: "SIGSTOP", program: "server", group: true },
        },
        {
          name: GO_ON,
          phase: "load",
          when: { any: [{ heldForMs: HELD_MS, condition: all }, { elapsedMs: HELD_AT_MOST_MS }] },
          do: { signal: "SIGCONT", program: "server", group: true },
        },
      ],
    });
  },
  claims: (server, bounds) => [
    noneForgotten(bounds),
    {
      ...allServed(LATER, "the burst is over, and its clients have gone"),
      claim: "clients that come after the burst get their answers",
    },
    nobodyGivesUp(server),
    roomForAll(server),
  ],
};

/**
 * How many connect at once: more than a short queue has room for, and so many that a server which serves one after another has time for all of
 * them.
 */
function burstOf({ backlog, answerTookMs }: CheckedServer, answerMs: number): number {
  const inTime = Math.floor(answerMs / Math.max(1, answerTookMs));
  return Math.max(FEWEST, Math.min(MOST, backlog + 1 + BEYOND, inTime));
}

/**
 * That nobody whose handshake is finished waits while the server serves nobody any more. A server that serves one after another is slow, and
 * forgets none.
 */
function noneForgotten({ answerMs }: ProbeBounds): ProbeClaim {
  return {
    claim: "no client that is connected is left without an answer and without an end",
    because:
      "its kernel has finished the handshake, and the server's has acknowledged the request: the client cannot know that nobody reads it",
    needs: ["report", "intervention"],
    test: (recording) => {
      const all = dialogueOf(recording, { program: CLIENT });
      const connected = all.filter(isConnected);
      const waiting = connected.filter(({ outcome }) => outcome === "timeout");
      if (all.length === 0) return { holds: null, observed: "no client was reported" };
      const silentUs = silenceUs(recording);
      const done = `${connected.length - waiting.length} of ${connected.length}`;
      if (silentUs === null) return { holds: true, observed: done };
      return {
        holds: silentUs < 1000 * answerMs,
        observed: `${done}; then nobody had an answer for ${inSeconds(silentUs)}`,
      };
    },
    atAnyPace: (recording, waitedUs) => (silenceUs(recording) ?? 0) > FAR_LONGER * waitedUs,
  };
}

/** For how long nobody had an answer when the first connected client gave up; null when none did. */
function silenceUs(recording: Recording): number | null {
  const all = dialogueOf(recording, { program: CLIENT });
  const overUs = ({ atUs, ms }: DialogueConnection): number => atUs + 1000 * (ms ?? 0);
  const gaveUp = all.filter((one) => isConnected(one) && one.outcome === "timeout").map(overUs);
  if (gaveUp.length === 0) return null;
  const firstUs = Math.min(...gaveUp);
  const wentOn = samplesOf(recording, "intervention").find(({ name }) => name === GO_ON);
  const served = all.filter(({ outcome }) => outcome === "ok").map(overUs);
  return firstUs - Math.max(wentOn?.atUs ?? 0, ...served.filter((us) => us <= firstUs));
}

function isConnected({ steps }: DialogueConnection): boolean {
  return steps.some(({ step, outcome }) => step === "connect" && outcome === "ok");
}

/** Who finds no room in the queue waits for a second, and then longer. */
function nobodyGivesUp(server: CheckedServer): ProbeClaim {
  const served = allServed(
    CLIENT,
    "who finds no room in the queue sends the SYN again, and finds room later",
  );
  return {
    ...served,
    claim: "every client of the burst is served in the end",
    needs: ["report", "listeners", "packet"],
    otherwise: "warn",
    test: (recording) => {
      const { holds, observed } = served.test(recording);
      return {
        holds,
        observed:
          holds === false ? `${observed}; ${queueOf(server, recording)}; ${othersOf(recording)}` : observed,
      };
    },
  };
}

function roomForAll(server: CheckedServer): ProbeClaim {
  return {
    claim: "all of them find room in the queue for accept() while the server does nothing",
    because:
      "the queue has room for one more than the backlog of listen(), which the kernel cuts to net.core.somaxconn without an error; who finds no room waits for a second or longer",
    needs: ["listeners", "packet"],
    otherwise: "informational",
    isTold: true,
    test: (recording) => ({
      holds: sentAgain(recording).length === 0,
      observed: `${queueOf(server, recording)}; ${othersOf(recording)}`,
    }),
  };
}

/** How many the queue has room for, and why. */
function queueOf({ port }: CheckedServer, recording: Recording): string {
  const which = { host: "server", port };
  const backlog = fullestQueue(recording, which)?.backlog;
  const most = queueSeries(recording, which).peak?.value ?? 0;
  if (backlog === undefined) return "no listener was sampled";
  const limit = sysctl(recording, "net.core.somaxconn", "server");
  const room = `the queue has room for ${backlog + 1} (a backlog of ${backlog}), and ${most} waited in it`;
  if (limit === null) return room;
  return Number(limit) === backlog
    ? `${room}; net.core.somaxconn is ${limit}, too: listen() was given as much or more, and the kernel cuts it to that`
    : `${room}; net.core.somaxconn is ${limit}`;
}

/** What those saw who found no room. */
function othersOf(recording: Recording): string {
  const all = dialogueOf(recording, { program: CLIENT });
  const again = sentAgain(recording).filter((port) => all.some(({ localPort }) => localPort === port));
  const served = all.filter(({ outcome }) => outcome === "ok").map(({ ms }) => ms ?? 0);
  const slowest = `the slowest of ${all.length} clients had its answer after ${inSeconds(1000 * Math.max(0, ...served))}`;
  if (again.length === 0) return `no SYN was sent again; ${slowest}`;
  const ports = new Set(again);
  const took = all
    .filter(({ localPort }) => localPort !== null && ports.has(localPort))
    .flatMap(({ steps }) => steps.filter(({ step, outcome }) => step === "connect" && outcome === "ok"))
    .map(({ ms }) => ms);
  const dropped = counterDelta(recording, { host: "server", counter: "TcpExtListenDrops" });
  const drops = dropped === null ? "" : ` (TcpExtListenDrops: ${dropped})`;
  const range =
    took.length === 0
      ? "none of them was connected"
      : `connect() took ${inSeconds(1000 * Math.min(...took))} to ${inSeconds(1000 * Math.max(...took))}`;
  return `${again.length} sent their SYN again${drops}: ${range}; ${slowest}`;
}

/** The ports of the clients that sent their SYN more than once. */
function sentAgain(recording: Recording): number[] {
  return wireConnections(recording)
    .filter(
      ({ packets }) =>
        packets.filter(({ from, flags }) => from === "client" && flags.includes("SYN")).length > 1,
    )
    .map(({ ends: [client] }) => client.port);
}
