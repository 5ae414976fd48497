import type { Sockets } from "../../measure/sockets.ts";
import { atLeast, atMost, between, type Bound, exactly } from "../../verdict/vocabulary/bound.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import { sinceFailure } from "../../verdict/vocabulary/figures/attempts.ts";
import { resultIs } from "../../verdict/vocabulary/figures/calls.ts";
import { descriptorsGivenBack, socketDescriptors } from "../../verdict/vocabulary/figures/hosts.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import { bytesDuring, sentDuring } from "../../verdict/vocabulary/figures/segments.ts";
import {
  goneAfter,
  goneAfterDoing,
  timeOf,
  timerDue,
  timerOf,
} from "../../verdict/vocabulary/figures/sockets.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import { socketsAtEndOf, socketsAtPeak, socketsShared } from "../../verdict/vocabulary/sockets.ts";
import { at, difference, either } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

/** The server's ends of a port that are in CLOSE-WAIT. */
const closeWait = (port: number): Sockets => ({
  host: "server",
  state: "CLOSE-WAIT",
  side: "listener",
  port,
});

/** The ports of close-wait-ends, by what happens to the other end; at `LATE` this end closes. */
const [THERE, FORGOTTEN, GONE, LATE, RESET] = [8080, 8081, 8082, 8083, 8084].map(closeWait) as [
  Sockets,
  Sockets,
  Sockets,
  Sockets,
  Sockets,
];

const lasted = (which: Sockets, bound: Bound) => is(timeOf(which), bound);
const left = (which: Sockets, bound: Bound) => socketsAtEndOf("drain", which, bound);
const noTimer = (which: Sockets) => reads(timerOf(which), "none");
const dueInTwoHours = (which: Sockets) => is(timerDue(which), atLeast(7190));

const pile = socketsAtPeak({ ...THERE, owner: "listener" }, atLeast(17));
const turnedAway = (bound: Bound) => is(sinceFailure("failed"), bound);
const noneAnsweredLater = is(sinceFailure("ok"), exactly(0));

const AN_ERRNO = /^E[A-Z]+$/;
/** The result of the server's n-th such call. Its first recv() reads the line, its second reaches the FIN. */
const came = (call: string, nth: number, wanted: string | RegExp) =>
  reads(resultIs({ program: "server", call }, nth - 1), wanted);

/** A peer that called shutdown() or close(), and the end that does not react: both stayed in their states equally long. */
const bothWait = (port: number) =>
  [
    difference(timeOf({ host: "client", state: "FIN-WAIT-2", port }), timeOf(closeWait(port)), atLeast(-2)),
    socketsAtPeak(closeWait(port), atLeast(1)),
  ] as const;

const FIN = { from: "server", flags: ["FIN"], untilEnd: true } as const;
const RST = { from: "server", flags: ["RST"], untilEnd: true } as const;
const fins = (bound: Bound) => segmentsSeen(FIN, bound);
const finsDuring = is(sentDuring("FIN", THERE), exactly(0));
const lastAck = socketsAtPeak({ ...THERE, state: "LAST-ACK" }, exactly(1));
/** As soon as close() is called. The times of segments and reports differ a little. */
const finAtOnce = is(
  timeBetween(
    { call: { program: "server", call: "close" }, is: "begun" },
    { segment: { from: "server", flags: ["FIN"] }, is: "sent" },
  ),
  between(-20, 200),
);

const shared = socketsShared({ host: "server" }, atLeast(1));
/** No sample contains a state that needs a FIN of the server's own. */
const noFinState = (port: number) =>
  socketsAtPeak(
    {
      host: "server",
      side: "listener",
      port,
      state: ["FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "LAST-ACK", "TIME-WAIT"],
    },
    exactly(0),
  );
const saysNothing = [
  shared,
  fins(exactly(0)),
  segmentsSeen(RST, exactly(0)),
  left(THERE, exactly(1)),
] as const;

export const closeWaits: Settlings = {
  C37: {
    under: [
      on(
        "close-wait-ends/defaults#there",
        lasted(THERE, atLeast(64)),
        noTimer(THERE),
        is(goneAfterDoing("killed", THERE), atMost(1.5)),
      ),
      on("close-wait-ends/defaults#late", is(goneAfter(LATE), between(1.5, 6))),
      on(
        ["close-wait-leak/buggy", "close-wait-leak/fixed"],
        at(0, left(THERE, atLeast(1))),
        at(1, left(THERE, exactly(0))),
      ),
    ],
    beyond: [
      everyday("close-wait-ends/probes#there", lasted(THERE, atLeast(6))),
      rare("close-wait-ends/probes#gone", left(GONE, exactly(1))),
      everyday("close-wait-ends/no-probes#reset", left(RESET, exactly(1))),
    ],
  },
  C38: {
    under: [
      on("close-wait-ends/defaults#late", is(goneAfter(LATE), atLeast(7200))),
      on("close-wait-ends/defaults#gone", reads(timerOf(GONE), /^keepalive/), dueInTwoHours(GONE)),
    ],
    beyond: [
      everyday("close-wait-ends/defaults#reset", is(goneAfter(RESET), atLeast(7200))),
      everyday(
        "close-wait-ends/defaults#there",
        either(noTimer(THERE), dueInTwoHours(THERE)),
        lasted(THERE, atLeast(64)),
      ),
    ],
  },
  C39: {
    under: [
      on(
        "close-wait-ends/no-probes#gone",
        reads(timerOf(GONE), /^keepalive/),
        left(GONE, exactly(0)),
        left(FORGOTTEN, exactly(0)),
      ),
    ],
    beyond: [
      rare(
        "close-wait-ends/probes#gone",
        left(GONE, exactly(0)),
        left(FORGOTTEN, exactly(0)),
        is(descriptorsGivenBack("drain", ["gone", "forgotten"]), exactly(2)),
      ),
      everyday("close-wait-ends/probes#there", lasted(THERE, atMost(5))),
    ],
  },
  C40a: {
    under: [
      on("close-wait-exhaustion/waits", pile, turnedAway(atLeast(17)), noneAnsweredLater),
      on("close-wait-exhaustion/drops", pile, turnedAway(atLeast(17)), noneAnsweredLater),
      on("close-wait-exhaustion/closes", turnedAway(exactly(0))),
    ],
    beyond: [everyday("close-wait-exhaustion/room", pile, turnedAway(atLeast(1)))],
  },
  C40b: {
    under: [on("close-wait-exhaustion/restarted", pile, noneAnsweredLater)],
    beyond: [
      everyday("close-wait-ends/no-probes#killed", is(goneAfterDoing("killed", THERE), atLeast(60))),
      everyday("close-wait-ends/no-probes#late", is(goneAfter(LATE), atLeast(6))),
    ],
  },
  C103: {
    under: [
      on(
        "close-wait-held/buggy#takes-nothing",
        left(closeWait(8080), atLeast(11)),
        difference(
          socketDescriptors("drain", { host: "server", program: "server" }),
          socketDescriptors("drain", { host: "server", program: "server-left" }),
          atLeast(11),
        ),
      ),
    ],
    beyond: [
      everyday("close-wait-held/buggy#only-a-fin", left(closeWait(8081), atLeast(11))),
      everyday("close-wait-held/fixed#takes-nothing", left(closeWait(8080), atLeast(11))),
    ],
  },
  C42: {
    under: [
      on(
        "half-open-idle/buggy",
        socketsAtPeak(closeWait(8080), atLeast(1)),
        left({ host: "server", state: "ESTABLISHED", side: "listener" }, exactly(0)),
      ),
    ],
    beyond: [
      everyday("half-open-writer/buggy", socketsAtPeak({ host: "server", state: "CLOSE-WAIT" }, atLeast(1))),
    ],
  },
  C43: {
    under: [
      on("passive-close/answer-then-close", came("recv", 2, AN_ERRNO), came("send", 1, AN_ERRNO)),
      on("passive-close/peer-closed", came("recv", 2, AN_ERRNO), came("send", 1, AN_ERRNO)),
    ],
    beyond: [everyday("passive-close/peer-closed", came("send", 2, AN_ERRNO))],
  },
  C44: {
    under: [on("close-wait-ends/defaults#there", ...bothWait(8080))],
    beyond: [everyday("close-wait-ends/defaults#forgotten", ...bothWait(8081))],
  },
  C232: {
    under: [on("passive-close/peer-closed", came("recv", 2, "0"), came("send", 2, "EPIPE"))],
    beyond: [
      rare("passive-close/answer-then-close", came("recv", 2, "0"), is(bytesDuring(THERE), exactly(0))),
    ],
  },
  C41: {
    under: [
      on(
        "passive-close/answer-then-close",
        finsDuring,
        is(bytesDuring(THERE), atLeast(1)),
        lastAck,
        fins(exactly(1)),
      ),
    ],
    beyond: [
      everyday("passive-close/nobody-reads", finsDuring),
      everyday("shared-descriptor/close", finsDuring, fins(exactly(0))),
    ],
  },
  C230: {
    under: [on("passive-close/answer-then-close", finAtOnce, lastAck)],
    beyond: [
      rare("passive-close/shut-down", finAtOnce),
      everyday("passive-close/nobody-reads", finAtOnce),
      everyday("passive-close/unread", lastAck, fins(exactly(1))),
      rare("passive-close/linger-zero", lastAck, fins(exactly(1))),
      everyday("shared-descriptor/close", lastAck, fins(exactly(1))),
    ],
  },
  C231: {
    under: [on("passive-close/linger-zero", lasted(THERE, atMost(1)))],
    beyond: [rare("shared-descriptor/linger-zero", lasted(THERE, atMost(1)))],
  },
  C45: {
    under: [
      on(
        "forked-child-holds-connection/buggy#child-holds",
        shared,
        left({ ...THERE, owner: "process" }, exactly(23)),
        noFinState(8081),
      ),
      on(
        "forked-child-holds-connection/buggy#parent-holds",
        left({ ...closeWait(8082), owner: "listener" }, exactly(23)),
        noFinState(8083),
      ),
    ],
    beyond: [
      everyday("shared-descriptor/close", ...saysNothing),
      rare("shared-descriptor/linger-zero", ...saysNothing),
    ],
  },
  C46: {
    under: [
      on("shared-descriptor/shutdown-write", shared, fins(exactly(1))),
      on(
        "forked-child-holds-connection/fixed",
        shared,
        left({ host: "server", state: "CLOSE-WAIT" }, exactly(0)),
      ),
    ],
    beyond: [
      rare("shared-descriptor/shutdown-both", shared, fins(exactly(1))),
      rare("shared-descriptor/shutdown-read", shared, fins(exactly(1))),
    ],
  },
};
