import { atLeast, atMost, between, exactly } from "../../verdict/vocabulary/bound.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads, told } from "../../verdict/vocabulary/of-figures.ts";
import {
  acknowledgedBytes,
  callsThat,
  closeTook,
  closeWaited,
  failuresOf,
  lingerAsked,
  readAfterFin,
  received,
  recvBytes,
  resultIs,
  written,
} from "../../verdict/vocabulary/figures/calls.ts";
import { counterOf, numberOf, sysctlOf } from "../../verdict/vocabulary/figures/hosts.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import {
  connectionsOnWire,
  finRepeats,
  finsShut,
  goodbyeOf,
  goodbyeOfKilled,
  repeatedFinAnswer,
  segmentsOf,
  windowProbes,
} from "../../verdict/vocabulary/figures/segments.ts";
import { socketsStillThere } from "../../verdict/vocabulary/lasting.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import { socketsAtEndOf, socketsAtPeak } from "../../verdict/vocabulary/sockets.ts";
import type { Owner } from "../../model/state.ts";
import { alike, difference, either, given, premise, ratio } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

/** A round trip of these trials takes 100 ms: a quicker call did not wait for the other end. */
const AT_ONCE_MS = 90;

/** The connections of the trials in which no FIN arrives, in the order of their SYNs: closed and held in FIN-WAIT-1, then in LAST-ACK. */
const [CLOSED_FIRST, HELD_FIRST, CLOSED_SECOND, HELD_SECOND] = [1, 2, 3, 4] as const;
const ORPHAN_RETRIES = "net.ipv4.tcp_orphan_retries";

const [FIN, RST] = [
  { from: "server", flags: ["FIN"], untilEnd: true },
  { from: "server", flags: ["RST"], untilEnd: true },
] as const;
const CONNECT = { program: "client", call: "connect" };
const allArrived = difference(received("server"), written("client"), exactly(0));
const noTimeWait = socketsAtPeak({ host: "client", state: "TIME-WAIT" }, exactly(0));
const isZero = reads(sysctlOf("client", ORPHAN_RETRIES), "0");

/** That two ways to close have the same result. */
const comeToTheSame = [
  alike(goodbyeOf("client")),
  difference(received("server"), received("server"), exactly(0)),
  difference(written("client"), written("client"), exactly(0)),
  alike(closeWaited("client", AT_ONCE_MS)),
] as const;

const kills = (goodbye: "FIN" | "RST", ...signals: [string, ...string[]]) =>
  signals.map((signal) => reads(goodbyeOfKilled(signal), goodbye)) as [ReturnType<typeof reads>];

/** As often as the sysctl says, or once more: the number stands for a time, and real timers can fit one more into it. */
const ruledByIt = (connection: number) =>
  difference(finRepeats("server", connection), numberOf("server", ORPHAN_RETRIES), between(0, 1));

const finWait1 = (owner: Owner | readonly Owner[]) =>
  socketsStillThere("drain", { host: "server", state: "FIN-WAIT-1", owner });
const lastAckStays = socketsStillThere("drain", { host: "server", state: "LAST-ACK", owner: "none" });
const isTold = either(
  reads(failuresOf("server"), /=/),
  counterMoved({ host: "server", counter: "TcpEstabResets" }, atLeast(1)),
);

/** That closing sockets belong to no process. */
const areOrphans = (host: string) => {
  const state = ["FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "LAST-ACK", "TIME-WAIT"] as const;
  return [
    socketsAtEndOf("drain", { host, state, owner: ["listener", "process", "shared"] }, exactly(0)),
    premise(socketsAtPeak({ host, state, owner: "none" }, atLeast(1))),
  ] as const;
};

export const closing: Settlings = {
  C47: {
    under: [on("linger/off", allArrived)],
    beyond: [
      everyday(
        ["reset-on-unread-data/buggy", "reset-on-unread-data/fixed"],
        difference(received("load"), received("load"), exactly(0)),
      ),
    ],
  },
  C48: {
    under: [on("half-close/shutdown-write", is(readAfterFin(), atLeast(1)))],
    beyond: [everyday("half-close/close", is(readAfterFin(), atLeast(1)))],
  },
  C49a: {
    under: [on("process-ends/all-read", ...kills("FIN", "SIGINT", "SIGTERM"))],
    beyond: [everyday("process-ends/unread-input", ...kills("FIN", "SIGINT"))],
  },
  C49b: {
    under: [on("process-ends/all-read", ...kills("RST", "SIGSEGV", "SIGKILL"))],
    beyond: [everyday("process-ends/unread-input", ...kills("RST", "SIGSEGV", "SIGKILL"))],
  },
  C50: {
    under: [
      on(
        "linger/zero",
        is(
          timeBetween(
            { call: { program: "client", call: "close" }, is: "begun" },
            { segment: { from: "client", flags: ["RST"] }, is: "sent" },
          ),
          atMost(AT_ONCE_MS),
        ),
        difference(received("server"), written("client"), atMost(-1)),
        reads(resultIs({ program: "server", call: "recv" }), "ECONNRESET"),
        noTimeWait,
      ),
    ],
    beyond: [rare("linger/zero-after-both-ended", noTimeWait)],
  },
  C51: {
    under: [on("linger/seconds", ratio(closeTook("client", "s"), lingerAsked("client"), between(0.9, 2)))],
    beyond: [
      rare(
        "linger/seconds-unanswered",
        ratio(closeTook("client", "s"), lingerAsked("client"), between(0.9, 2)),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-1", owner: "none" }, exactly(0)),
      ),
    ],
  },
  C52: { under: [on(["linger/zero", "linger/off-with-time"], ...comeToTheSame)] },
  C53: {
    under: [on("half-close/close", ...areOrphans("client"))],
    beyond: [everyday("forked-child-holds-connection/buggy", ...areOrphans("server"))],
  },
  C54: {
    under: [
      on(
        "shutdown-three-ways/read",
        difference(written("server"), acknowledgedBytes(), exactly(0)),
        is(recvBytes("client", 0), exactly(0)),
      ),
    ],
    beyond: [
      rare("shutdown-three-ways/both", difference(written("server"), acknowledgedBytes(), exactly(0))),
    ],
  },
  C55: {
    under: [
      on("shutdown-three-ways/write-with-output", allArrived, is(finsShut(), atLeast(1))),
      on("shutdown-three-ways/both-with-output", allArrived, is(finsShut(), atLeast(1))),
      on(
        ["shutdown-three-ways/both", "shutdown-three-ways/read-then-write"],
        alike(goodbyeOf("client")),
        difference(
          segmentsOf({ from: "client", flags: ["RST"] }),
          segmentsOf({ from: "client", flags: ["RST"] }),
          exactly(0),
        ),
        alike(resultIs({ program: "client", call: "recv" })),
      ),
    ],
    beyond: [everyday("orphans/zero-window#held", segmentsSeen(FIN, atLeast(1)))],
  },
  C56: {
    under: [
      on(
        "orphans/few-retries#closed-and-held",
        difference(finRepeats("client", CLOSED_FIRST), finRepeats("client", HELD_FIRST), exactly(0)),
      ),
    ],
  },
  C57: {
    under: [
      on(
        "orphans/unanswered-probes",
        isZero,
        is(windowProbes(0), exactly(8)),
        reads(sysctlOf("other", ORPHAN_RETRIES), /^\d+$/),
        is(windowProbes(1), exactly(8)),
      ),
    ],
    beyond: [
      rare(
        "orphans/short-longest-wait",
        difference(finRepeats("client", CLOSED_FIRST), finRepeats("server", CLOSED_SECOND), exactly(0)),
      ),
    ],
  },
  C58: {
    under: [on("orphans/zero-window#closed", segmentsSeen(FIN, exactly(0)), finWait1("none"))],
    beyond: [
      everyday("orphans/zero-window#held", segmentsSeen(FIN, exactly(0)), finWait1(["listener", "process"])),
    ],
    history:
      "Linux commit b248230c34970a6c1c17c591d63b464e8d2cfc33, tcp: abort orphan sockets stalling on zero window probes (2014-09-29)",
  },
  C59: {
    under: [
      on(
        "orphans/unwanted",
        segmentsSeen({ from: "client", flags: ["RST"], phase: "load" }, exactly(1)),
        counterMoved({ host: "client", counter: "TcpExtTCPAbortOnLinger" }, exactly(1)),
      ),
    ],
    isPerMachine: true,
  },
  C60: {
    under: [
      on("orphans/few-retries#closed", ruledByIt(CLOSED_SECOND)),
      on("orphans/short-longest-wait#closed", ruledByIt(CLOSED_SECOND)),
    ],
    beyond: [rare("orphans/few-retries#held", ruledByIt(HELD_SECOND))],
  },
  C61: {
    under: [
      on("last-ack-lost/no-time-wait", reads(repeatedFinAnswer(), /RST/)),
      on("last-ack-lost/no-time-wait", isTold),
    ],
    beyond: [rare("last-ack-lost/no-time-wait-and-kept", reads(repeatedFinAnswer(), /RST/), isTold)],
  },
  C62: {
    under: [
      on("last-ack-lost/no-time-wait", lastAckStays),
      on(
        "last-ack-lost/port-used-again",
        given(is(connectionsOnWire(), atLeast(2)), segmentsSeen(RST, atLeast(1))),
        told(counterOf({ host: "server", counter: "TcpExtTCPSYNChallenge" })),
        told(callsThat({ en: "succeeded", zh: "成功" }, CONNECT, ({ result }) => result === 0)),
      ),
    ],
    beyond: [rare("orphans/few-retries#closed", lastAckStays)],
  },
  C240: { under: [on(["linger/off", "linger/off-with-time"], ...comeToTheSame)] },
  C241: {
    under: [
      on("linger/off", is(closeTook("client"), atLeast(AT_ONCE_MS))),
      on("linger/zero", is(closeTook("client"), atMost(AT_ONCE_MS))),
    ],
    beyond: [rare("linger/seconds", is(closeTook("client"), atLeast(AT_ONCE_MS)))],
  },
  C242: {
    under: [
      on("shutdown-three-ways/read", is(finsShut(), exactly(0))),
      on("shutdown-three-ways/write-with-output", is(finsShut(), atLeast(1))),
      on("shutdown-three-ways/both", is(finsShut(), atLeast(1))),
    ],
  },
  C243: {
    under: [on("linger/off", reads(goodbyeOf("client"), "FIN"))],
    beyond: [everyday("reset-on-unread-data/buggy", reads(goodbyeOf("server"), "FIN"))],
  },
  C244: { under: [on("orphans/unanswered-probes", isZero)] },
};
