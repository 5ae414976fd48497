import { attemptsOk, latency, selfReported } from "../../verdict/vocabulary/attempts.ts";
import { atLeast, atMost, exactly } from "../../verdict/vocabulary/bound.ts";
import { callsEnded } from "../../verdict/vocabulary/calls.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads, told } from "../../verdict/vocabulary/of-figures.ts";
import { attemptsThat } from "../../verdict/vocabulary/figures/attempts.ts";
import { callsMade, callsThat } from "../../verdict/vocabulary/figures/calls.ts";
import {
  counterFalls,
  counterOf,
  queued,
  sendQueue,
  sysctlOf,
} from "../../verdict/vocabulary/figures/hosts.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import { handshakesByRequest } from "../../verdict/vocabulary/figures/segments.ts";
import { peakBefore, peakOf } from "../../verdict/vocabulary/figures/sockets.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import { difference, given } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const OVERFLOWS = { host: "server", counter: "TcpExtListenOverflows" };
const overflows = counterMoved(OVERFLOWS, atLeast(1));
const DROPS = { host: "server", counter: "TcpExtListenDrops" };
const RST = { from: "server", flags: ["RST"], untilEnd: true } as const;
const RECV = { program: "client", call: "recv" };
const CONNECT = { program: "client", call: "connect" };

const connected = callsThat({ en: "succeeded", zh: "成功" }, CONNECT, ({ result }) => result === 0);
const inQueue = queued({ host: "server" });
const halfOpen = peakBefore("the strangers have come", {
  host: "server",
  state: "SYN-RECEIVED",
  side: "listener",
});
/** Finished handshakes that no process holds, because no program has accepted them. */
const unaccepted = peakOf({ host: "server", state: "ESTABLISHED", side: "listener", owner: "none" });
const countsThem = difference(inQueue, unaccepted, exactly(0));
const first = sendQueue("server", "first");
const stays = difference(first, sendQueue("server", "last"), exactly(0));
const rises = difference(first, sendQueue("server", "last"), atMost(-1));
const nobodyBefore = [
  is(inQueue, exactly(0)),
  told(callsMade({ program: "server", call: "accept" })),
] as const;
const notFewer = given(
  counterMoved(DROPS, atLeast(1)),
  difference(counterOf(DROPS), counterOf(OVERFLOWS), atLeast(0)),
);

/** Longer than any server of these experiments works for one connection, and shorter than the first retry of a SYN. */
const LONG = atLeast(900);
const waited = is(
  timeBetween(
    { segment: { link: 0, from: "client", without: ["SYN"] }, is: "arrived" },
    { call: RECV, is: "returned" },
  ),
  LONG,
);

export const queues: Settlings = {
  C80: {
    under: [
      on("listener-backlog/somaxconn-raised", stays),
      on("listener-backlog/somaxconn-raised-restart", rises),
    ],
    beyond: [
      rare("listener-backlog/somaxconn-raised-reload", stays),
      everyday("listener-backlog/backlog-raised-reload", stays),
      rare(
        ["syn-queue-length/narrow-sysctl", "syn-queue-length/narrow-sysctl-raised"],
        difference(halfOpen, halfOpen, exactly(0)),
      ),
    ],
  },
  C83: {
    under: [
      on("accept-queue-length/backlog-4", is(sendQueue("server"), exactly(4))),
      on("accept-queue-length/somaxconn-4", is(sendQueue("server"), exactly(4))),
      on("accept-queue-length/both-large", is(sendQueue("server"), exactly(511))),
    ],
    beyond: [everyday("accept-queue-length/backlog-4", is(inQueue, exactly(4)))],
  },
  C84: {
    under: [
      on("handshake/nobody-accepts", ...nobodyBefore),
      on("accept-queue-length/both-large", ...nobodyBefore),
    ],
  },
  C85a: {
    under: [on("listener-backlog/nginx", reads(sysctlOf("server", "net.core.somaxconn"), "128"))],
    history: "commit 19f92a030ca6 (Linux 5.4); Documentation/networking/ip-sysctl.rst, somaxconn",
  },
  C85b: {
    under: [on("listener-backlog/nginx", is(first, exactly(511)))],
    beyond: [
      everyday("listener-backlog/node", is(first, exactly(511))),
      everyday("listener-backlog/python", is(first, exactly(511))),
      rare("listener-backlog/somaxconn-raised", is(first, exactly(511))),
    ],
  },
  C86: {
    under: [
      on("handshake/nobody-accepts", countsThem, is(sendQueue("server"), exactly(4))),
      on("accept-queue-length/both-large", countsThem, is(sendQueue("server"), exactly(511))),
    ],
    beyond: [
      rare("syn-queue-length/wide", given(is(halfOpen, atLeast(1)), is(inQueue, atMost(1)))),
      everyday("accept-queue-length/backlog-4", is(inQueue, atMost(4))),
    ],
  },
  C87: {
    under: [
      on(
        "third-segment-refused/dropped",
        overflows,
        segmentsSeen(RST, exactly(0)),
        callsEnded(RECV, "ECONNRESET", exactly(0)),
      ),
      on(
        "third-segment-refused/abort",
        overflows,
        segmentsSeen(RST, atLeast(1)),
        callsEnded(RECV, "ECONNRESET", exactly(1)),
      ),
    ],
    beyond: [
      rare(
        "accept-queue-length/abort",
        overflows,
        segmentsSeen(RST, atLeast(1)),
        callsEnded(CONNECT, "ECONNRESET", atLeast(1)),
      ),
    ],
  },
  C88: {
    under: [
      on(
        "third-segment-refused/dropped",
        callsEnded(CONNECT, 0, exactly(1)),
        is(handshakesByRequest(), exactly(1)),
        callsEnded(RECV, 47, exactly(1)),
      ),
      on("phantom-established/buggy", is(handshakesByRequest(), atLeast(1)), attemptsOk({}, exactly(17))),
    ],
    beyond: [rare("third-segment-refused/given-up", callsEnded(RECV, "ECONNRESET", exactly(0)))],
  },
  C89: {
    under: [on("accept-queue-overflow/buggy", notFewer), on("third-segment-refused/dropped", notFewer)],
    beyond: [
      rare("third-segment-refused/abort", notFewer),
      rare("accept-queue-length/cookies-always", notFewer),
      rare("syn-queue-length/short-backlog", notFewer),
      rare("syn-queue-length/narrow-sysctl", notFewer),
    ],
  },
  C90: {
    under: [
      on(
        "accept-queue-overflow/buggy",
        overflows,
        selfReported({ kind: "service" }, "serviceMs", 90, atMost(100)),
        latency({}, "totalMs", 90, LONG),
      ),
      on("third-segment-refused/dropped", overflows, waited),
    ],
    beyond: [rare("third-segment-refused/abort", overflows, waited)],
  },
  C106: {
    under: [
      on("accept-queue-overflow/buggy", overflows, is(counterFalls(OVERFLOWS), exactly(0))),
      on("accept-queue-length/both-large", counterMoved(OVERFLOWS, exactly(0))),
    ],
    beyond: [
      everyday(
        "accept-queue-length/backlog-4",
        difference(
          counterOf(OVERFLOWS),
          callsThat(
            { en: "returned ETIMEDOUT", zh: "返回 ETIMEDOUT " },
            CONNECT,
            ({ result }) => result === "ETIMEDOUT",
          ),
          exactly(0),
        ),
      ),
    ],
  },
  C261: {
    under: [on("third-segment-refused/abort", callsEnded({}, "ECONNRESET", atLeast(1)), overflows)],
    beyond: [
      rare("accept-queue-length/abort", overflows, callsEnded({}, "ECONNRESET", atLeast(1))),
      everyday(
        "reset-on-unread-data/buggy",
        callsEnded({}, "ECONNRESET", exactly(0)),
        counterMoved(OVERFLOWS, exactly(0)),
      ),
    ],
  },
  C262: {
    under: [
      on(
        ["phantom-established/buggy", "phantom-established/fixed-by-abort"],
        difference(attemptsThat("ok"), attemptsThat("ok"), atLeast(1)),
      ),
    ],
    beyond: [
      everyday("third-segment-refused/given-up", callsEnded(RECV, "ECONNRESET", exactly(0))),
      everyday(
        ["accept-queue-length/backlog-4", "accept-queue-length/abort"],
        difference(connected, connected, atLeast(1)),
      ),
    ],
  },
  C263: {
    under: [
      on("handshake/nobody-accepts", is(inQueue, exactly(1))),
      on("accept-queue-length/both-large", is(inQueue, exactly(6))),
      on("handshake/accepted", is(queued({ host: "server" }, "last"), exactly(0))),
    ],
    beyond: [
      everyday("third-segment-refused/given-up", is(inQueue, atLeast(3))),
      rare(
        "fast-open/with-cookie",
        is(
          timeBetween(
            { segment: { connection: 2, from: "client", without: ["SYN"] }, is: "sent" },
            { call: { program: "server", call: "accept" }, is: "returned", nth: 1 },
          ),
          atLeast(0),
        ),
      ),
    ],
  },
};
