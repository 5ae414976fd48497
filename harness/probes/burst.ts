import { fullestQueue, queueSeries } from "../measure/listeners.ts";
import { counterDelta } from "../measure/counters.ts";
import { samplesOf, sysctl } from "../measure/evidence.ts";
import type { CheckedServer, Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { type BurstClient, burstClients, connectMs, overUs } from "./burst-clients.ts";
import { allServed, FAR_LONGER } from "./claims.ts";
import { inSeconds } from "./rows.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** The most that connect at once, and the fewest. */
const [MOST, FEWEST] = [199, 3];
/** How many more come than a short queue has room for. */
const BEYOND = 11;
/** The most bytes of their answers. */
const MOST_BYTES = 6_000_000;
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
  claim: "a server that was busy for a moment serves those who came meanwhile, and those who come later",
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
 * them, and the wire records all segments of their answers.
 */
function burstOf({ backlog, answerTookMs, answerBytes }: CheckedServer, answerMs: number): number {
  const inTime = Math.floor(answerMs / Math.max(1, answerTookMs));
  const recorded = Math.floor(MOST_BYTES / Math.max(1, answerBytes));
  return Math.max(FEWEST, Math.min(MOST, backlog + 1 + BEYOND, inTime, recorded));
}

/**
 * That nobody whose request the server's kernel has taken waits while the server serves nobody any more. A server that serves one after another
 * is slow, and forgets none.
 */
function noneForgotten({ answerMs }: ProbeBounds): ProbeClaim {
  return {
    claim: "no client whose connection is in the queue for accept() is forgotten there",
    because:
      "its kernel has finished the handshake, and the server's has acknowledged the request: the client cannot know that nobody reads it",
    needs: ["report", "intervention", "packet"],
    test: (recording) => {
      const taken = burstClients(recording, CLIENT).filter(({ isTaken }) => isTaken);
      if (taken.length === 0) return { holds: null, observed: "no request was acknowledged" };
      const silentUs = silenceUs(recording);
      const done = `${taken.filter(({ outcome }) => outcome !== "timeout").length} of ${taken.length} had an answer or an end`;
      if (silentUs === null) return { holds: true, observed: done };
      return {
        holds: silentUs < 1000 * answerMs,
        observed: `${done}; then nobody had an answer for ${inSeconds(silentUs)}`,
      };
    },
    atAnyPace: (recording, waitedUs) => (silenceUs(recording) ?? 0) > FAR_LONGER * waitedUs,
  };
}

/** For how long nobody had an answer when the first whose request was acknowledged gave up; null when none of these did. */
function silenceUs(recording: Recording): number | null {
  const all = burstClients(recording, CLIENT);
  const gaveUp = all.filter(({ isTaken, outcome }) => isTaken && outcome === "timeout").map(overUs);
  if (gaveUp.length === 0) return null;
  const firstUs = Math.min(...gaveUp);
  const wentOn = samplesOf(recording, "intervention").find(({ name }) => name === GO_ON);
  const served = all.filter(({ outcome }) => outcome === "ok").map(overUs);
  return firstUs - Math.max(wentOn?.atUs ?? 0, ...served.filter((us) => us <= firstUs));
}

/** Who finds no room in the queue waits, and tries again. */
function nobodyGivesUp(server: CheckedServer): ProbeClaim {
  const served = allServed(
    CLIENT,
    "the kernels send again what found no room, and the queue is shorter then",
  );
  return {
    ...served,
    claim: "every client of the burst is served in the end",
    needs: ["report", "listeners", "packet"],
    otherwise: "warn",
    test: (recording) => {
      const { holds, observed } = served.test(recording);
      const why = holds === false ? `; ${queueOf(server, recording)}; ${othersOf(recording)}` : "";
      return { holds, observed: `${observed}${why}` };
    },
  };
}

function roomForAll(server: CheckedServer): ProbeClaim {
  return {
    claim: "all of them find room in the queue for accept() while the server does nothing",
    because:
      "the queue has room for one more than the backlog of listen(), which the kernel cuts to net.core.somaxconn without an error; it drops the SYN or the request of who finds no room, and their kernels send it again, up to a second later and more",
    needs: ["listeners", "packet", "counters"],
    otherwise: "informational",
    isTold: true,
    test: (recording) => {
      const dropped = counterDelta(recording, { host: "server", counter: "TcpExtListenDrops" });
      return {
        holds: dropped === null ? null : dropped === 0,
        observed: `${queueOf(server, recording)}; ${othersOf(recording)}`,
      };
    },
  };
}

/** How many the queue has room for, and why. */
function queueOf({ port }: CheckedServer, recording: Recording): string {
  const which = { host: "server", port };
  const backlog = fullestQueue(recording, which)?.backlog;
  if (backlog === undefined) return "no listener was sampled";
  const most = queueSeries(recording, which).peak?.value ?? 0;
  const limit = sysctl(recording, "net.core.somaxconn", "server");
  const room = `the queue has room for ${backlog + 1} (a backlog of ${backlog}), and ${most} waited in it`;
  if (limit === null) return room;
  return Number(limit) === backlog
    ? `${room}; net.core.somaxconn is ${limit}, too: listen() was given as much or more, and the kernel cut it to that`
    : `${room}; net.core.somaxconn is ${limit}`;
}

/** What those saw who found no room, and how long everybody waited. */
function othersOf(recording: Recording): string {
  const all = burstClients(recording, CLIENT);
  const served = all.filter(({ outcome }) => outcome === "ok").map(({ ms }) => ms ?? 0);
  const slowest =
    served.length === 0
      ? ""
      : `; the slowest of ${all.length} clients had its answer after ${inSeconds(1000 * Math.max(...served))}`;
  const drops = counterDelta(recording, { host: "server", counter: "TcpExtListenDrops" }) ?? 0;
  if (drops === 0) return `no SYN and no request was dropped${slowest}`;
  const sent = (what: BurstClient["again"]): BurstClient[] => all.filter(({ again }) => again === what);
  const connects = sent("SYN")
    .map(connectMs)
    .filter((ms) => ms !== null);
  const answers = sent("request").flatMap(({ outcome, ms }) => (outcome === "ok" ? (ms ?? []) : []));
  const parts = [
    sent("SYN").length === 0
      ? []
      : `${sent("SYN").length} sent their SYN again${connects.length === 0 ? "" : `, and connect() took ${range(connects)}`}`,
    sent("request").length === 0
      ? []
      : `${sent("request").length} were connected by a SYN cookie or a late ACK and sent their request again${answers.length === 0 ? "" : `, and had their answers after ${range(answers)}`}`,
  ].flat();
  return `TcpExtListenDrops: ${drops}; ${parts.join("; ")}${slowest}`;
}

/** `0.5 to 1.2 s`. */
function range(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)].map((ms) => inSeconds(1000 * ms));
  return least === most ? `${most}` : `${least?.replace(" s", "")} to ${most}`;
}
