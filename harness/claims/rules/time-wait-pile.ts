import type { Sockets } from "../../measure/sockets.ts";
import { attemptsOk, outcomes } from "../../verdict/vocabulary/attempts.ts";
import { atLeast, atMost, between, type Bound, exactly, lessThan } from "../../verdict/vocabulary/bound.ts";
import { callsEnded } from "../../verdict/vocabulary/calls.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads, told } from "../../verdict/vocabulary/of-figures.ts";
import {
  atOnce,
  attemptsNotOk,
  attemptsThat,
  connectionsOf,
  okEachSecond,
  slowConnects,
  slowdown,
} from "../../verdict/vocabulary/figures/attempts.ts";
import { ageAtReuse, callsFailed, recvBytes, resultIs } from "../../verdict/vocabulary/figures/calls.ts";
import {
  countersOf,
  descriptorsOf,
  numberOf,
  portsOf,
  sysctlOf,
} from "../../verdict/vocabulary/figures/hosts.ts";
import { writingOf } from "../../verdict/vocabulary/figures/reports.ts";
import { synsTooOld } from "../../verdict/vocabulary/figures/segments.ts";
import { lastOf, peakOf } from "../../verdict/vocabulary/figures/sockets.ts";
import { socketsAtPeak } from "../../verdict/vocabulary/sockets.ts";
import { at, difference, ratio } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const EXHAUSTED = "ephemeral-port-exhaustion/buggy";
const REUSED = "ephemeral-port-exhaustion/fixed-by-reuse";
const AT_SERVER = "time-wait-pile/at-the-server";
const SHORT_HTTP = "short-against-long/short-http";
const RECYCLED = "time-wait-recycle/set-to-1";

const TIME_WAIT: Sockets = { state: "TIME-WAIT" };
const CONNECT = { call: "connect" };
const withoutPorts = (bound: Bound) => outcomes({}, "connect EADDRNOTAVAIL", bound);
const failed = (bound: Bound) => is(attemptsNotOk(), bound);
const pile = socketsAtPeak(TIME_WAIT, atLeast(1000));
/** The failed connect() calls while there were many TIME-WAIT. */
const refusedAtPile = (bound: Bound) => is(callsFailed(CONNECT), bound);

// A client that connects again from the same port ends a TIME-WAIT, so one or two can be missing.
const fewerThanRequests = ratio(lastOf(TIME_WAIT), attemptsThat("ok"), lessThan(0.5));
/** That a host had exactly as many TIME-WAIT at once as the sysctl allows, though more connections were closed. */
const asManyAsAllowed = (host: string) =>
  difference(peakOf({ ...TIME_WAIT, host }), numberOf(host, "net.ipv4.tcp_max_tw_buckets"), exactly(0));
const without = (bound: Bound) => counterMoved({ counter: "TcpExtTCPTimeWaitOverflow" }, bound);
const foreign = (bound: Bound) => is(recvBytes("server", "last", "foreign"), bound);

/** That a port is used once and then waits. With 240 s for each, these 46 ports would allow 0.19 connections a second. */
const onceEach = [attemptsOk({}, atMost(46)), told(okEachSecond())] as const;

const written = (wanted: string) => reads(writingOf("net.ipv4.tcp_tw_recycle"), wanted);
const left = (bound: Bound) => is(lastOf({ ...TIME_WAIT, host: "server" }), bound);

const takes = (bound: Bound) => counterMoved({ counter: "TcpExtTWRecycled" }, bound);
const age = (bound: Bound) => is(ageAtReuse(), bound);
const never = [
  takes(exactly(0)),
  callsEnded({ ...CONNECT, remotePort: 8080 }, "EADDRNOTAVAIL", exactly(14)),
] as const;
/** A pair in TIME-WAIT at a listening server gets a new connection, whatever the server's own tcp_tw_reuse is. */
const takenAgain = [is(callsFailed(CONNECT), exactly(0)), age(atMost(900)), takes(exactly(0))] as const;

const NO_RECYCLE = "Linux commit 4396e46187ca, tcp: remove tcp_tw_recycle";

export const timeWaitPile: Settlings = {
  C25: {
    under: [
      on(
        ["short-against-long/long-http", SHORT_HTTP],
        at(0, told(attemptsThat("ok"))),
        difference(lastOf(TIME_WAIT), lastOf(TIME_WAIT), atMost(-1)),
      ),
    ],
    beyond: [
      everyday("keep-alive-gap/idle-limit-longer", fewerThanRequests),
      everyday("keep-alive-gap/idle-limit-shorter", fewerThanRequests),
    ],
  },
  C26: {
    under: [on(AT_SERVER, pile, is(slowdown(), atMost(2))), on(EXHAUSTED, withoutPorts(atLeast(1)))],
    beyond: [
      everyday("time-wait-pile/at-the-client", is(slowdown(), atMost(2))),
      everyday(AT_SERVER, refusedAtPile(atLeast(1))),
    ],
  },
  C27: {
    under: [
      on(
        AT_SERVER,
        pile,
        refusedAtPile(atLeast(1)),
        is(descriptorsOf({ host: "server" }, "last"), atLeast(1000)),
      ),
      on("time-wait-limit/above", failed(atLeast(1))),
    ],
    beyond: [everyday(EXHAUSTED, withoutPorts(atLeast(1)))],
  },
  C28a: {
    under: [on(EXHAUSTED, withoutPorts(atLeast(1)), socketsAtPeak(TIME_WAIT, exactly(46)))],
    beyond: [
      everyday("time-wait-reuse/off", callsEnded({ ...CONNECT, remotePort: 8081 }, 0, exactly(0))),
      rare(REUSED, withoutPorts(atLeast(1))),
    ],
  },
  C28b: {
    under: [on(SHORT_HTTP, is(portsOf("client"), exactly(65_536)))],
    beyond: [rare(EXHAUSTED, attemptsOk({}, exactly(65_536)))],
  },
  C28c: {
    under: [on(EXHAUSTED, withoutPorts(exactly(0))), on(AT_SERVER, pile, refusedAtPile(exactly(0)))],
    beyond: [rare("time-wait-limit/few-ports", withoutPorts(exactly(0)))],
  },
  C29: {
    under: [
      on("time-wait-limit/above", asManyAsAllowed("server"), without(between(50, 74))),
      on("time-wait-limit/below", without(exactly(0))),
    ],
    beyond: [rare("time-wait-limit/held-by-fin-wait-2", asManyAsAllowed("client"))],
  },
  C220: {
    under: [
      on("old-duplicate/no-guard", foreign(atLeast(1))),
      on("old-duplicate/time-wait", foreign(exactly(0))),
    ],
    beyond: [
      everyday("old-duplicate/timestamps", foreign(atLeast(1))),
      everyday("old-duplicate/clock", foreign(atLeast(1))),
    ],
  },
  C221: {
    under: [on(SHORT_HTTP, difference(lastOf(TIME_WAIT), connectionsOf(), exactly(0)))],
    beyond: [everyday(SHORT_HTTP, is(atOnce(), atLeast(20)))],
  },
  C222: {
    under: [on("time-wait-limit/few-ports", failed(exactly(0))), on(EXHAUSTED, failed(atLeast(1)))],
    beyond: [everyday("time-wait-limit/below", failed(atLeast(1)))],
  },
  C68: {
    under: [on("nat-shares-ports/router", ...onceEach), on("nat-shares-ports/no-router", ...onceEach)],
    beyond: [
      everyday("nat-shares-ports/router", is(slowConnects(900), atLeast(1))),
      everyday("nat-shares-ports/router", socketsAtPeak({ ...TIME_WAIT, host: "server" }, exactly(46))),
    ],
  },
  C33a: {
    under: [on(RECYCLED, written("1"), left(atMost(0)))],
    history: NO_RECYCLE,
  },
  C33b: {
    under: [on(RECYCLED, written("ENOENT"))],
    beyond: [everyday(RECYCLED, left(atLeast(18)))],
  },
  C105: {
    under: [on(RECYCLED, written("1")), on("nat-shares-ports/two-clients", is(synsTooOld(), atLeast(1)))],
    beyond: [
      everyday(
        "nat-shares-ports/two-clients#same-pair",
        is(countersOf("server", ["TcpExtPAWSTimewait", "TcpExtPAWSEstab"]), atLeast(1)),
      ),
    ],
    history: NO_RECYCLE,
  },
  C30: {
    under: [
      on("time-wait-reuse/default", reads(sysctlOf("client", "net.ipv4.tcp_tw_reuse"), "0")),
      on("time-wait-reuse/default", takes(exactly(0))),
      on("time-wait-reuse/default-on-loopback", takes(exactly(0))),
    ],
    history:
      "Linux commit 79e9fed46038, net-tcp: extend tcp_tw_reuse sysctl to enable loopback only optimization",
  },
  C31: {
    under: [
      on("time-wait-reuse/on", takes(atLeast(1)), age(between(900, 2300))),
      on("time-wait-reuse/off", ...never),
      on("time-wait-reuse/server-closes-first-off", ...takenAgain),
      on("time-wait-reuse/server-closes-first-on", ...takenAgain),
    ],
    beyond: [rare("time-wait-reuse/port-by-name", age(atLeast(900)))],
  },
  C32: {
    under: [
      on("time-wait-reuse/on", takes(atLeast(1))),
      on("time-wait-reuse/client-without-timestamps", ...never),
      on("time-wait-reuse/server-without-timestamps", ...never),
    ],
    beyond: [
      rare("time-wait-reuse/loopback-without-timestamps", ...never),
      rare("old-duplicate/time-wait", callsEnded(CONNECT, "EADDRNOTAVAIL", exactly(1))),
    ],
  },
  C223: {
    under: [on("time-wait-reuse/on", age(atLeast(900))), on("old-duplicate/timestamps", foreign(exactly(0)))],
    beyond: [
      rare(
        "old-timestamp/former-connection",
        reads(resultIs({ program: "server", call: "recv" }, "last"), /^\d+$/),
      ),
    ],
  },
};
