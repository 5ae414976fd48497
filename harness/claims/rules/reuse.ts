import { atLeast, atMost, between, exactly } from "../../verdict/vocabulary/bound.ts";
import { callsEnded } from "../../verdict/vocabulary/calls.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import {
  acceptedAfterFirst,
  acceptedElsewhere,
  listenersAgain,
  portStep,
  portsUsed,
  portsWithin,
  recvBytes,
  refusals,
  refusedFor,
  resultIs,
  statesAtListening,
  strayBytes,
  takenBy,
} from "../../verdict/vocabulary/figures/calls.ts";
import { secondSynAnswer } from "../../verdict/vocabulary/figures/segments.ts";
import { portsOfListeningEnds } from "../../verdict/vocabulary/figures/sockets.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import { given } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const CONNECT = { program: "client", call: "connect" };
const BIND = { program: "client", call: "bind" };
const LISTEN = { program: "server", call: "listen" };

/** The connect() calls of fixed-client-port, from its one port, in order. */
const [ELSEWHERE, AGAIN, WHILE_THERE] = [1, 2, 3] as const;
const connectIs = (nth: number, wanted: string) => reads(resultIs(CONNECT, nth), wanted);

const foreign = recvBytes("server", "last", "foreign");
const takesOld = is(foreign, atLeast(1));
const takesNoneOld = is(foreign, exactly(0));
/** The program's last call on the last connection shows what ended it. */
const isNotReset = reads(resultIs({ program: "server", call: "recv" }, "last"), /^\d+$/);
/** The server's second recv() reads everything after the connection's first bytes, up to its end. */
const readBehind = recvBytes("server", 1);
const answered = (wanted: string) => reads(secondSynAnswer(), wanted);

export const reuse: Settlings = {
  C63: {
    under: [on("old-duplicate/no-guard", takesOld), on("old-duplicate/time-wait", takesNoneOld)],
    beyond: [everyday("old-duplicate/clock", takesOld), everyday("old-duplicate/timestamps", takesOld)],
  },
  C64: {
    under: [on("old-duplicate/timestamps", takesNoneOld)],
    beyond: [
      rare("old-timestamp/former-connection", isNotReset),
      rare("last-ack-lost/no-time-wait", segmentsSeen({ from: "client", flags: ["RST"] }, exactly(0))),
    ],
  },
  C104: {
    under: [
      // The connection's own data is 23 bytes, the old segment's is 97.
      on("old-timestamp/data", is(readBehind, exactly(23))),
      on("old-timestamp/data-no-timestamps", is(readBehind, exactly(97))),
    ],
    beyond: [rare("old-timestamp/reset", isNotReset)],
  },
  C65: {
    under: [on("syn-on-time-wait/higher", answered("SYN-ACK"))],
    beyond: [everyday("syn-on-time-wait/higher-older-timestamp", answered("SYN-ACK"))],
  },
  C66: {
    under: [on("syn-on-time-wait/lower", answered("nothing"), is(acceptedAfterFirst("server"), exactly(0)))],
    beyond: [everyday("syn-on-time-wait/lower-newer-timestamp", answered("nothing"))],
  },
  C67: {
    under: [
      on("fixed-client-port/defaults#again", connectIs(AGAIN, "EADDRNOTAVAIL")),
      on("syn-on-time-wait/higher", answered("ACK")),
    ],
    beyond: [rare("fixed-client-port/no-timestamps#again", connectIs(AGAIN, "EADDRNOTAVAIL"))],
  },
  C69: {
    under: [
      // Refusals while the old server was still ending are too few to count. The documents put 2MSL at 60 s to 4 minutes.
      on("bind-again/neither", is(refusals(), atLeast(5)), is(refusedFor(), between(55, 250))),
      on("bind-again/both", is(refusedFor(), atMost(5)), is(listenersAgain(), exactly(1))),
    ],
    beyond: [
      rare("bind-again/successor-only", is(listenersAgain(), exactly(1))),
      everyday("bind-again/client-closed", is(refusals(), atLeast(5))),
    ],
  },
  C70: {
    under: [
      on(
        "bind-again/all-states#closed",
        given(reads(statesAtListening(), /./), reads(resultIs(LISTEN, "last"), "EADDRINUSE")),
      ),
    ],
    beyond: [
      everyday("bind-again/all-states#listening", reads(resultIs(LISTEN, 1), "EADDRINUSE")),
      everyday("bind-again/both", is(listenersAgain(), exactly(1))),
    ],
  },
  C251: {
    under: [on("bind-again/both", is(strayBytes(), atLeast(1)))],
    beyond: [rare("old-duplicate/no-guard", takesOld)],
  },
  C74: {
    under: [on("bind-again/taker#listened-on", is(takenBy(0, 3), atLeast(1)))],
    beyond: [rare("bind-again/taker#bound", is(takenBy(3, 4), exactly(1)))],
    history:
      "Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE (Windows Sockets 2), and A. Jones, Changes in Socket Bind, 2005-09-29",
  },
  C102: {
    under: [on("bind-again/all-states", is(acceptedElsewhere("server"), exactly(0)))],
    beyond: [
      everyday("accept-queue-overflow/fixed-by-backlog", is(portsOfListeningEnds("server"), exactly(1))),
    ],
  },
  C71: {
    under: [on("fixed-client-port/defaults#again", callsEnded(BIND, 0, exactly(4)), connectIs(AGAIN, "0"))],
    beyond: [
      rare("fixed-client-port/reuse-off#again", connectIs(AGAIN, "0")),
      rare("fixed-client-port/no-timestamps#again", connectIs(AGAIN, "0")),
    ],
  },
  C73: {
    under: [on("fixed-client-port/defaults#no-option", reads(resultIs(BIND, 1), "EADDRINUSE"))],
    beyond: [
      everyday("fixed-client-port/no-timestamps#elsewhere", connectIs(ELSEWHERE, "EADDRNOTAVAIL")),
      everyday("fixed-client-port/defaults#again", connectIs(AGAIN, "EADDRNOTAVAIL")),
    ],
  },
  C250: {
    under: [on("fixed-client-port/defaults#established", connectIs(WHILE_THERE, "EADDRNOTAVAIL"))],
    beyond: [
      everyday("client-ports/bound", connectIs(1, "EADDRNOTAVAIL")),
      rare("fixed-client-port/no-timestamps#again", connectIs(AGAIN, "EADDRNOTAVAIL")),
    ],
  },
  C72: {
    under: [
      on("client-ports/one-destination", is(portsUsed(), exactly(1))),
      on("client-ports/bound", callsEnded(CONNECT, 0, exactly(5))),
    ],
  },
  C75: {
    under: [on("client-ports/one-destination", is(portsWithin(1), atLeast(20)), is(portStep(), exactly(1)))],
    beyond: [everyday("client-ports/destinations", is(portsWithin(1), atLeast(20)))],
    history: "Linux 2.4, net/ipv4/tcp_ipv4.c, tcp_v4_get_port(), which the document names",
  },
  C252: {
    under: [on("client-ports/destinations", is(portsWithin(100), atMost(3)))],
    beyond: [everyday("client-ports/one-destination", is(portsWithin(100), atMost(3)))],
  },
};
