import type { Sockets } from "../../measure/sockets.ts";
import { atLeast, atMost, between, type Bound, exactly, lessThan } from "../../verdict/vocabulary/bound.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads, told } from "../../verdict/vocabulary/of-figures.ts";
import { openedEachSecond } from "../../verdict/vocabulary/figures/attempts.ts";
import { resultIs } from "../../verdict/vocabulary/figures/calls.ts";
import { counterOf, sysctlOf } from "../../verdict/vocabulary/figures/hosts.ts";
import { closedByServer, settingsForTimeWait } from "../../verdict/vocabulary/figures/reports.ts";
import {
  acksUnasked,
  finAcknowledgedIn,
  finAcksLost,
  lastFinAfter,
  lastFinAnswer,
  repeatedFins,
} from "../../verdict/vocabulary/figures/segments.ts";
import {
  lastedFor,
  lastOf,
  peakOf,
  plateauOf,
  seenFor,
  timeWaitPutOff,
} from "../../verdict/vocabulary/figures/sockets.ts";
import { socketsLast, socketsOutlast } from "../../verdict/vocabulary/lasting.ts";
import { socketsAtPeak } from "../../verdict/vocabulary/sockets.ts";
import { across, asMany, difference, either, given, ratio, share } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const DEFAULT = "time-wait-length/default";
const FIN_TIMEOUT_30 = "time-wait-length/fin-timeout-30";
const ALL_ELSE = "time-wait-length/all-else";

const TIME_WAIT: Sockets = { host: "client", state: "TIME-WAIT" };
const ORPHAN: Sockets = { host: "client", state: "FIN-WAIT-2", owner: "none" };
const HELD: Sockets = { host: "client", state: "FIN-WAIT-2", owner: "process" };
const SERVERS_HELD: Sockets = { host: "server", state: "FIN-WAIT-2", port: 8080 };

/** In seconds. The kernel's timers are late by up to an eighth of half a minute. */
const A_MINUTE = between(59, 66);
const lasts = (bound: Bound) => socketsLast(TIME_WAIT, bound);
const orphanLasts = (bound: Bound) => socketsLast(ORPHAN, bound);
const length = lastedFor(TIME_WAIT);

/** That orphaned FIN-WAIT-2 and TIME-WAIT lasted equally long. */
const areEqual = difference(lastedFor(ORPHAN), length, between(-5, 5));
/** That the first recording's TIME-WAIT is shorter than the second's; it also shows what has changed. */
const isShortened = [
  difference(length, length, atMost(-15)),
  told(seenFor({ ...ORPHAN, port: 8081 })),
] as const;

const timeWaits = (host: string, bound: Bound) => socketsAtPeak({ host, state: "TIME-WAIT" }, bound);
const onlyAt = (here: string, there: string) =>
  [timeWaits(here, atLeast(1)), timeWaits(there, exactly(0))] as const;
const anywhere = either(timeWaits("client", atLeast(1)), timeWaits("server", atLeast(1)));
const byServer = share(closedByServer(), exactly(1));
const byClient = share(closedByServer(), lessThan(0.5));

const repeatsAreAcknowledged = difference(repeatedFins("all"), repeatedFins("acknowledged"), exactly(0));
/** That the other end got an ACK in the end, and left LAST-ACK. */
const isMadeGood = [
  told(finAcksLost()),
  told(lastFinAfter()),
  reads(lastFinAnswer(), "ACK"),
  is(lastOf({ host: "server", state: "LAST-ACK" }), exactly(0)),
] as const;
const sendsByItself = is(acksUnasked(), atLeast(1));

/** The number of TIME-WAIT at the server equals the number of connections in that many seconds, within a tenth. */
const pile = plateauOf({ host: "server", state: "TIME-WAIT" });
const A_TENTH = between(0.9, 1.1);
/** In less than a minute no TIME-WAIT ends: there must be one for every closed connection. */
const allPiledUp = (host: string) =>
  ratio(
    peakOf({ host, state: "TIME-WAIT" }),
    counterOf({ host: "client", counter: "TcpActiveOpens" }),
    atLeast(0.9),
  );

/** Without room for a record, no record is made: FIN-WAIT-2 ends at the moment when it begins. */
const aKept = socketsAtPeak({ ...ORPHAN, timer: "timewait" }, atLeast(1));
const isKept = given(
  either(aKept, counterMoved({ host: "client", counter: "TcpExtTCPTimeWaitOverflow" }, atLeast(1))),
  aKept,
);

const WINDOWS_2000 =
  "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-2000-server/cc938217(v=technet.10); RFC 793, section 3.3";

export const timeWaitTime: Settlings = {
  C14a: {
    under: [on(DEFAULT, lasts(between(230, 255)))],
    history: `${WINDOWS_2000}; https://docs.oracle.com/cd/E19455-01/816-0607/chapter4-51/index.html`,
  },
  C14b: {
    under: [on(DEFAULT, lasts(between(59, 245)))],
    beyond: [
      everyday(`${DEFAULT}#two-to-four`, lasts(between(119, 245))),
      rare("time-wait-answers/reset", lasts(between(59, 245))),
    ],
  },
  C14c: {
    under: [on(DEFAULT, lasts(A_MINUTE))],
    beyond: [
      rare(FIN_TIMEOUT_30, lasts(A_MINUTE)),
      rare(ALL_ELSE, lasts(A_MINUTE)),
      rare("time-wait-answers/five-lost", is(timeWaitPutOff("client"), atMost(1000))),
      rare("time-wait-answers/reset", lasts(A_MINUTE)),
    ],
  },
  C15: {
    under: [
      on(
        [ALL_ELSE, FIN_TIMEOUT_30, DEFAULT],
        either(across("spread", length, atLeast(5)), across("most", settingsForTimeWait(), atLeast(1))),
      ),
    ],
    history:
      "https://www.alibabacloud.com/help/en/ecs/user-guide/change-the-tcp-time-wait-timeout-period; https://man.freebsd.org/cgi/man.cgi?tcp(4)",
  },
  C16: {
    under: [on([FIN_TIMEOUT_30, DEFAULT], ...isShortened)],
    beyond: [rare([ALL_ELSE, DEFAULT], ...isShortened)],
  },
  C210: {
    under: [on(DEFAULT, lasts(A_MINUTE))],
    beyond: [
      rare(FIN_TIMEOUT_30, lasts(A_MINUTE)),
      rare(ALL_ELSE, lasts(A_MINUTE)),
      rare("time-wait-answers/late-fin", lasts(A_MINUTE)),
    ],
  },
  C211: {
    under: [on(`${DEFAULT}#ended`, lasts(A_MINUTE))],
    beyond: [rare(ALL_ELSE, lasts(A_MINUTE))],
  },
  C17: {
    under: [
      on(DEFAULT, reads(sysctlOf("client", "net.ipv4.tcp_fin_timeout"), "60"), orphanLasts(A_MINUTE)),
      on(FIN_TIMEOUT_30, orphanLasts(between(29, 35))),
    ],
    beyond: [
      rare("fin-wait-2-limits/above-a-minute", orphanLasts(between(61, 69))),
      rare("fin-wait-2-limits/slow-link", orphanLasts(between(0.5, 2.2))),
      everyday("half-close/close", orphanLasts(A_MINUTE)),
      rare("fin-wait-2-limits/no-buckets", isKept),
    ],
  },
  C18: {
    under: [
      on(`${DEFAULT}#held`, socketsOutlast(HELD, 61)),
      on("fin-wait-2-pileup/buggy", socketsOutlast(SERVERS_HELD, 4)),
    ],
    beyond: [
      everyday("fin-wait-2-limits/unprobed", socketsOutlast(HELD, 5)),
      rare("fin-wait-2-limits/probed", socketsOutlast(HELD, 5)),
      everyday("fin-wait-2-pileup/fixed", socketsOutlast(SERVERS_HELD, 4)),
    ],
  },
  C19: {
    under: [on(DEFAULT, areEqual)],
    beyond: [rare(FIN_TIMEOUT_30, areEqual), rare(ALL_ELSE, areEqual)],
  },
  C213: {
    under: [
      on(
        "fin-wait-2-limits/unprobed",
        reads(resultIs({ program: "client", call: "recv" }), /^[1-9]\d*$/),
        reads(resultIs({ program: "client", call: "send" }), /^\d+$/),
      ),
    ],
  },
  C20: {
    under: [
      on("teardown/at-once", ...onlyAt("client", "server")),
      on("teardown/server-first", ...onlyAt("server", "client")),
    ],
    beyond: [
      rare(
        "simultaneous-close/both",
        either(timeWaits("client", exactly(0)), timeWaits("server", exactly(0))),
      ),
      rare("linger-zero-reset/buggy", anywhere),
    ],
  },
  // "Unavoidable" means in every circumstance.
  C21: {
    under: [
      on("teardown/at-once", ...onlyAt("client", "server")),
      on("http-first-close/http-1.0", ...onlyAt("client", "server")),
      on("linger-zero-reset/buggy", anywhere),
    ],
  },
  C22: {
    under: [
      on("http-first-close/http-1.0", byServer),
      on("http-first-close/connection-close", byServer),
      on("http-first-close/http-1.0", ...onlyAt("server", "client")),
    ],
    beyond: [everyday("http-first-close/keep-alive", byServer), everyday("http-first-close/idle", byServer)],
  },
  C23: {
    under: [
      on("short-against-long/short-tcp", ...onlyAt("client", "server")),
      on("http-first-close/keep-alive", byClient),
    ],
    beyond: [
      everyday("http-first-close/connection-close", byClient),
      everyday("http-first-close/http-1.0", byClient),
    ],
  },
  C212: {
    under: [
      on("teardown/later", is(finAcknowledgedIn("client"), atMost(20))),
      on("teardown/server-first", is(finAcknowledgedIn("server"), atMost(20))),
    ],
    beyond: [everyday("time-wait-answers/five-lost", is(finAcknowledgedIn("client"), atMost(20)))],
  },
  C24a: {
    under: [on("time-wait-rate/steady", asMany(pile, openedEachSecond(), 240, A_TENTH))],
    history: WINDOWS_2000,
  },
  C24b: {
    under: [on(["time-wait-rate/steady", DEFAULT], asMany(pile, openedEachSecond(), length, A_TENTH))],
    beyond: [
      rare("time-wait-rate/capped", allPiledUp("server")),
      rare("ephemeral-port-exhaustion/fixed-by-reuse", allPiledUp("client")),
    ],
  },
  C34: {
    under: [on("last-ack-lost/time-wait", repeatsAreAcknowledged)],
    beyond: [
      everyday("time-wait-answers/five-lost", repeatsAreAcknowledged),
      rare("time-wait-answers/late-fin", repeatsAreAcknowledged),
    ],
  },
  C35: {
    under: [
      on("time-wait-answers/late-fin", sendsByItself),
      on("time-wait-answers/five-lost", sendsByItself),
    ],
  },
  C36: {
    under: [on("last-ack-lost/time-wait", ...isMadeGood)],
    beyond: [
      everyday("time-wait-answers/five-lost", ...isMadeGood),
      rare("time-wait-answers/late-fin", ...isMadeGood),
    ],
  },
};
