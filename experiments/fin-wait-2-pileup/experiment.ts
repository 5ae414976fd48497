import {
  atLeast,
  callsEnded,
  exactly,
  failureMode,
  neverSeen,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  times,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Connections in a client's pool: each was used once. */
const POOLED = 23;
const LINE = 97;
/** tcp_fin_timeout, where 60 is the default. */
const FIN_TIMEOUT_S = 2;
/** How long a FIN-WAIT-2 stays: longer than the cure allows, longer than tcp_fin_timeout, and shorter than the drain. */
const HELD_MS = 3000;
/** How long they stay for a symptom: long enough for the looks of a few seconds. */
const STAY_MS = 1500;
/** How long ago their peers last said anything. Servers that close in good order wait for some seconds, nginx for five (lingering_timeout). */
const SILENT_MS = 6000;

function setup(server: string): Setup {
  // A pool: it reads its answer, keeps the connection, and does not read from it again. The FIN is never read.
  const used = ["connect {server}:8080", `send ${LINE}`, `recv ${LINE}`, "keep"];
  return setupOf({
    sysctls: { "net.ipv4.tcp_fin_timeout": String(FIN_TIMEOUT_S) },
    servers: { server: `${server} --port 8080` },
    clients: { pool: { run: ["clients/calls", ...times(POOLED, used), "stay"], withinMs: 60_000 } },
    phases: {
      load: {
        until: { sockets: { host: "client", state: "CLOSE-WAIT", port: 8080 }, atLeast: POOLED },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 8000 },
    },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 200 },
    tcpInfo: true,
  });
}

const waiting = { host: "server", state: "FIN-WAIT-2", side: "listener", port: 8080 } as const;
const held = { ...waiting, timer: "none", owner: "listener" } as const;
const orphaned = { ...waiting, timer: "timewait", owner: "none" } as const;

const answered = callsEnded({ program: "pool", call: "recv" }, LINE, exactly(POOLED)).because(
  "every client has its answer, and notices no fault",
);
const unread = socketsAtEndOf(
  "drain",
  { host: "client", state: "CLOSE-WAIT", port: 8080, receiveQueue: "holding" },
  exactly(POOLED),
);

/** The largest number, in one look, of recorded sockets whose last ACK, that of the FIN, came long ago. */
function longSilent(evidence: Evidence): number | null {
  const looks = samplesOf(evidence, "sockets").map(({ groups }) =>
    groups
      .filter(({ state, side, timer }) => state === "FIN-WAIT-2" && side === "listener" && timer === "none")
      .flatMap(({ examples }) => examples),
  );
  if (looks.flat().some(({ tcpInfo }) => tcpInfo?.lastAckReceivedMs === undefined)) return null;
  const counts = looks.map(
    (rows) => rows.filter(({ tcpInfo }) => (tcpInfo?.lastAckReceivedMs ?? 0) >= SILENT_MS).length,
  );
  return Math.max(0, ...counts);
}

export const experiment = failureMode({
  id: "fin-wait-2-pileup",
  title: "FIN-WAIT-2 that waits for a client who never closes",
  question: "How long does FIN-WAIT-2 last, and who decides it?",
  tags: ["close", "fin-wait-2", "half-close", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "an idle connection is ended, and nothing limits the wait for the client's end-of-file",
      setup: setup("fin-wait-2-pileup/buggy"),
      exact: [
        answered,
        socketsStay(held, exactly(POOLED), { forMs: HELD_MS }).because(
          "a process that has only shut down its direction can still read, so the kernel sets no timer",
        ),
        socketsAtEndOf("drain", held, exactly(POOLED)).because(
          `tcp_fin_timeout is ${FIN_TIMEOUT_S} s here, and does not apply to sockets that a process holds`,
        ),
        neverSeen(orphaned).because("nobody calls close()"),
        unread.because("the other end does not read, so the FIN stays unread there"),
      ],
    },
    fixed: {
      summary: "the program closes 1 s after it has ended its direction",
      setup: setup("fin-wait-2-pileup/fixed"),
      exact: [
        answered,
        socketsAtPeak(held, exactly(POOLED)).because("for a second the client can still close"),
        socketsAtPeak(orphaned, exactly(POOLED)).because(
          "close() gives FIN-WAIT-2 to the kernel, which sets a timer",
        ),
        socketsAtEndOf("drain", waiting, exactly(0)).because(
          `that timer is tcp_fin_timeout, ${FIN_TIMEOUT_S} s`,
        ),
        unread.because("the client does not learn of the close: its half is as before"),
      ],
    },
    "fixed-by-close": {
      summary: "the program closes at once: only the kernel holds the FIN-WAIT-2, from its beginning",
      setup: setup("fin-wait-2-pileup/fixed-by-close"),
      exact: [
        answered,
        neverSeen({ ...waiting, owner: ["listener", "process", "shared"] }).because(
          "the FIN is sent by close(), and no descriptor is left",
        ),
        socketsAtPeak(orphaned, exactly(POOLED)).because("the same FIN, the same state, and a timer"),
        socketsAtEndOf("drain", waiting, exactly(0)).because(
          `that timer is tcp_fin_timeout, ${FIN_TIMEOUT_S} s`,
        ),
        unread.because("the client cannot tell shutdown() from close(): both are a FIN"),
      ],
    },
  },
  symptom: [
    socketsStay(
      { state: "FIN-WAIT-2", side: "listener", timer: "none", owner: ["listener", "process"] },
      atLeast(5),
      { forMs: STAY_MS },
    ).because("a process has sent its FIN, and waits for an end-of-file that does not come"),
    quantity(
      `connections in FIN-WAIT-2 whose peer has sent nothing for ${SILENT_MS / 1000} s, not even an ACK`,
      { needs: ["sockets"], of: longSilent },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("a server that gives its clients time to close gives them less"),
  ],
  overlaps: {},
});
