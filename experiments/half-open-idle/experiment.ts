import {
  atLeast,
  between,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  socketsAtEndOf,
  socketsStay,
  type ExactExpectation,
  type Evidence,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Connections that are idle when their client's host vanishes. */
const IDLE = 11;
/** So long nothing is received: longer than the cures wait, and shorter than the drain. */
const SILENT_MS = 3000;

function setup(server: string): Setup {
  return {
    hosts: { client: { sysctls: {} }, server: { sysctls: {} } },
    links: [
      {
        ...{ kind: "wire", between: ["client", "server"], delayMs: [0, 0], bitsPerSecond: null },
        ...{ loss: 0, seed: 1, rules: [] },
      },
    ],
    programs: {
      server: {
        ...{ host: "server", role: "server", program: server, args: ["--port", "8080"] },
        ...{ env: {}, limits: {}, withinMs: 10_000 },
      },
      load: {
        ...{ host: "client", role: "client", program: "clients/long-tcp" },
        args: [
          ...["--to", "{server}:8080", "--attempts", String(IDLE), "--rate", "200"],
          ...["--concurrency", String(IDLE), "--hold-ms", "600000"],
        ],
        ...{ env: {}, limits: {}, withinMs: 660_000 },
      },
    },
    phases: [
      {
        name: "load",
        until: { sockets: { host: "server", state: "ESTABLISHED", port: 8080 }, atLeast: IDLE },
        withinMs: 10_000,
      },
      { name: "drain", until: { elapsedMs: 5000 }, withinMs: 6000 },
    ],
    interventions: [
      {
        name: "client vanishes",
        phase: "drain",
        when: { elapsedMs: 300 },
        do: { host: "client", become: "silent" },
      },
    ],
    observers: {
      sockets: { everyMs: 200, tcpInfo: true },
      listeners: { everyMs: 500 },
      counters: { everyMs: 500 },
      processes: { everyMs: 500 },
    },
  };
}

const waiting = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** Programs are ended after the drain, and their FINs are not meant: the count stops so long before its end. */
const BEFORE_END_US = 200_000;

/** Segments that the server sent from when its clients' host vanished until shortly before the end of the drain. */
function sentIntoSilence(recording: Recording): number | null {
  const vanished = samplesOf(recording, "intervention").find(({ done }) => done)?.atUs;
  const over = samplesOf(recording, "phase").findLast(({ event }) => event === "end")?.atUs;
  if (vanished === undefined || over === undefined) return null;
  const packets = samplesOf(recording, "packet").filter(({ from }) => from === "server");
  return packets.filter(({ atUs }) => atUs > vanished && atUs < over - BEFORE_END_US).length;
}

const sent = (bound: Parameters<typeof quantity>[2], reason: string): ExactExpectation =>
  quantity(
    "segments from the server after the client vanished",
    { needs: ["packet", "intervention", "phase"], of: sentIntoSilence },
    bound,
  ).because(reason);

/** Of the sockets written down in one look, the most that wait without a timer and have long received nothing. */
function longSilent(evidence: Evidence): number | null {
  const looks = samplesOf(evidence, "sockets").map((sample) =>
    sample.groups
      .filter(({ state, side, timer }) => state === "ESTABLISHED" && side === "listener" && timer === "none")
      .flatMap(({ examples }) => examples),
  );
  const told = looks.flat().every(({ tcpInfo }) => tcpInfo !== undefined);
  if (!told) return null;
  const counts = looks.map(
    (rows) => rows.filter(({ tcpInfo }) => (tcpInfo?.lastDataReceivedMs ?? 0) >= SILENT_MS).length,
  );
  return Math.max(0, ...counts);
}

export const experiment = failureMode({
  id: "half-open-idle",
  title: "ESTABLISHED with nobody at the other end",
  question: "When does an idle connection notice that its peer has vanished?",
  tags: ["half-open", "keep-alive", "wire"],
  variants: {
    buggy: {
      summary: "no keep-alive, no idle timeout",
      setup: setup("half-open-idle/buggy"),
      exact: [
        sent(exactly(0), "an idle connection sends nothing, so nothing can remain unanswered"),
        socketsAtEndOf("drain", { ...waiting, timer: "none", owner: "listener" }, exactly(IDLE)).because(
          "no FIN and no RST came, and no timer of TCP runs on an idle connection",
        ),
      ],
    },
    fixed: {
      summary: "the program ends what is idle for 1.5 s",
      setup: setup("half-open-idle/fixed"),
      exact: [
        socketsAtEndOf("drain", waiting, exactly(0)).because("the program's own timer closed them"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "FIN-WAIT-1", port: 8080, timer: "on", owner: "none" },
          exactly(IDLE),
        ).because("nobody acknowledges the FIN: the kernel repeats it, without the program, and gives up"),
        sent(atLeast(2 * IDLE), "each FIN, and its repetitions"),
      ],
    },
    "fixed-by-keepalive": {
      summary: "the kernel sends probes after 1 s of silence",
      setup: setup("half-open-idle/fixed-by-keepalive"),
      exact: [
        socketsAtEndOf("drain", { ...waiting, timer: "keepalive" }, exactly(IDLE)).because(
          "ten probes a second apart have to fail: the end comes about 11 s after the last segment",
        ),
        sent(between(2 * IDLE, 6 * IDLE), "a probe a second on each connection"),
      ],
    },
  },
  symptom: [
    socketsStay(
      {
        ...{ state: "ESTABLISHED", side: "listener", timer: "none", owner: "listener" },
        ...{ receiveQueue: "empty", sendQueue: "empty" },
      },
      atLeast(5),
      { forMs: SILENT_MS },
    ).because("nothing is under way and no timer runs: if the peer is gone, nothing will ever tell"),
    quantity(
      `connections without a timer that received nothing for ${SILENT_MS / 1000} s`,
      { needs: ["sockets"], of: longSilent },
      // Only examples of the sockets are written down, in a reference recording very few.
      atLeast(1),
    ).because("a peer that is there and uses its connection would have been heard"),
  ],
  overlaps: {},
});
