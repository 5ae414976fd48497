import { atLeast, atMost, between, exactly } from "../../verdict/vocabulary/bound.ts";
import { callsEnded } from "../../verdict/vocabulary/calls.ts";
import { counterMoved } from "../../verdict/vocabulary/counters.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import { counterBefore, counterOf, sysctlOf } from "../../verdict/vocabulary/figures/hosts.ts";
import { timeBetween } from "../../verdict/vocabulary/figures/moments.ts";
import { segmentsOf, turnedAway } from "../../verdict/vocabulary/figures/segments.ts";
import { firstToLastOf, goneSince, peakBefore } from "../../verdict/vocabulary/figures/sockets.ts";
import { synsSentAt } from "../../verdict/vocabulary/schedule.ts";
import { difference, given } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

/** The ports of the experiment handshake-retries: SYNs to the first are lost, and third segments to the second. */
const UNANSWERED = 8080;
const UNFINISHED = 8081;
/** The textbook's schedule: each wait is twice the one before, from 1 s. */
const DOUBLING = [0, 1, 3, 7, 15, 31];

const ATTEMPT = { call: "connect", remotePort: UNANSWERED };
/** How long connect() took when it failed. */
const gaveUpAfter = timeBetween(
  { call: ATTEMPT, is: "begun" },
  { call: ATTEMPT, is: "returned", result: "ETIMEDOUT" },
  "s",
);

/** The SYNs of the experiment syn-queue-length whose handshakes are never completed, and their count before the client connects. */
const STRANGERS = 47;
const COME = "the strangers have come";
const HALF_OPEN = { host: "server", state: "SYN-RECEIVED", side: "listener" } as const;
const halfOpen = peakBefore(COME, HALF_OPEN);
const held = is(halfOpen, exactly(STRANGERS));
const nothingGained = difference(halfOpen, halfOpen, exactly(0));

const DROPS = { host: "server", counter: "TcpExtListenDrops" };
const SENT = { host: "server", counter: "TcpExtSyncookiesSent" };
const everySyn = given(
  is(segmentsOf({ flags: ["SYN"], without: ["ACK"], untilEnd: true }), atLeast(1)),
  difference(counterOf(SENT), segmentsOf({ flags: ["SYN"], without: ["ACK"], untilEnd: true }), exactly(0)),
);
const connects = (result: number | string, count: number) =>
  callsEnded({ program: "client", call: "connect" }, result, exactly(count));

export const handshake: Settlings = {
  C76: {
    under: [
      on(
        "handshake-retries/defaults",
        reads(sysctlOf("client", "net.ipv4.tcp_syn_retries"), "5"),
        synsSentAt("client", UNANSWERED, DOUBLING),
      ),
      // The sum of all waits, plus the delay that timers of seconds have.
      on(
        "handshake-retries/doubling",
        synsSentAt("client", UNANSWERED, DOUBLING),
        is(gaveUpAfter, between(62.5, 69)),
      ),
    ],
    history:
      "tcp(7), tcp_syn_retries; Documentation/networking/ip-sysctl.rst, tcp_syn_linear_timeouts; RFC 6298",
  },
  C77: {
    under: [
      // SYN-RECEIVED is sampled twice a second, and begins between two samples.
      on(
        "handshake-retries/defaults",
        reads(sysctlOf("server", "net.ipv4.tcp_synack_retries"), "5"),
        synsSentAt("server", UNFINISHED, DOUBLING),
        is(firstToLastOf({ host: "server", state: "SYN-RECEIVED" }), between(59, 70)),
      ),
    ],
    beyond: [rare("syn-queue-length/short-backlog#crowded", is(goneSince(COME, HALF_OPEN), exactly(0)))],
  },
  C78: {
    under: [
      on("syn-queue-length/cookies-wide-sysctl", held),
      on("syn-queue-length/narrow-sysctl", held),
      on("syn-queue-length/wide", held),
    ],
    history:
      "net/ipv4/tcp.c of Linux 2.4, tcp_listen_start(), max_qlen_log; commit 72a3effaf633 (Linux 2.6.20)",
  },
  C79: {
    under: [
      on(["syn-queue-length/cookies", "syn-queue-length/cookies-wide-sysctl"], nothingGained),
      on(["syn-queue-length/short-backlog", "syn-queue-length/short-backlog-wide-sysctl"], nothingGained),
      on(
        ["syn-queue-length/short-backlog-wide-sysctl", "syn-queue-length/wide"],
        difference(halfOpen, halfOpen, atMost(-1)),
      ),
    ],
    beyond: [rare(["syn-queue-length/narrow-sysctl", "syn-queue-length/wide"], nothingGained)],
  },
  C81a: {
    under: [
      on("syn-queue-length/short-backlog", connects("ETIMEDOUT", 1), counterMoved(SENT, exactly(0))),
      on("syn-queue-length/narrow-sysctl", connects("ETIMEDOUT", 1)),
    ],
    beyond: [rare("syn-queue-length/narrow-sysctl-known-client", connects("ETIMEDOUT", 1))],
  },
  C81b: {
    under: [
      on("syn-queue-length/short-backlog", counterMoved(SENT, exactly(0)), counterMoved(DROPS, atLeast(1))),
      on("accept-queue-length/both-large#cookies-1", counterMoved(SENT, exactly(0))),
      on(
        "syn-queue-length/cookies",
        is(halfOpen, atLeast(1)),
        counterMoved(SENT, atLeast(1)),
        counterMoved(DROPS, exactly(0)),
      ),
      on("syn-queue-length/cookies-always", is(halfOpen, exactly(0)), everySyn),
    ],
    beyond: [rare("accept-queue-length/cookies-always", everySyn)],
  },
  C81c: {
    under: [on("handshake-retries/defaults", reads(sysctlOf("server", "net.ipv4.tcp_syncookies"), "0"))],
    history: "net/ipv4/tcp_minisocks.c, sysctl_tcp_syncookies, of Linux 2.6.20 and of Linux 3.0",
  },
  C82: {
    under: [
      on(
        "syn-queue-length/short-backlog#one-each",
        difference(counterBefore(COME, DROPS), turnedAway(1), exactly(0)),
      ),
    ],
    beyond: [
      // Plus the client, which was turned away as well.
      everyday(
        "syn-queue-length/short-backlog#again",
        difference(counterOf(DROPS), turnedAway(1, 1), exactly(0)),
      ),
      everyday("accept-queue-length/backlog-4", counterMoved(DROPS, exactly(0))),
      everyday("syn-queue-length/cookies", counterMoved(DROPS, exactly(0))),
    ],
  },
  C260: {
    under: [
      on(
        "syn-queue-length/cookies",
        connects(0, 1),
        counterMoved({ host: "server", counter: "TcpExtSyncookiesRecv" }, exactly(1)),
      ),
      on("syn-queue-length/cookies-always", connects(0, 1), is(halfOpen, exactly(0))),
    ],
    beyond: [rare("accept-queue-length/cookies-always", connects("ETIMEDOUT", 0))],
  },
  C264: {
    under: [
      on(
        ["syn-unanswered/one-retry", "syn-unanswered/two-retries"],
        difference(gaveUpAfter, gaveUpAfter, atMost(-1)),
      ),
    ],
    beyond: [
      everyday(
        ["syn-unanswered/one-retry", "syn-unanswered/linear"],
        difference(gaveUpAfter, gaveUpAfter, atMost(-1)),
      ),
    ],
  },
};
