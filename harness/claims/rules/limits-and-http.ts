import type { TcpState } from "../../model/state.ts";
import { outcomes } from "../../verdict/vocabulary/attempts.ts";
import { atLeast, atMost, type Bound, exactly, lessThan } from "../../verdict/vocabulary/bound.ts";
import { callsEnded } from "../../verdict/vocabulary/calls.ts";
import type { Figure } from "../../verdict/vocabulary/figure.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import {
  attemptsNotOk,
  connectionsOf,
  medianTime,
  wholeTime,
} from "../../verdict/vocabulary/figures/attempts.ts";
import { countersOf, descriptorLimit, descriptorsOf } from "../../verdict/vocabulary/figures/hosts.ts";
import {
  answersOn,
  connectionHeader,
  idleLimit,
  memoryEach,
} from "../../verdict/vocabulary/figures/reports.ts";
import { lastOf, peakOf } from "../../verdict/vocabulary/figures/sockets.ts";
import { descriptorsLeft } from "../../verdict/vocabulary/processes.ts";
import { difference, ratio } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const allServed = is(attemptsNotOk(), exactly(0));
const someTurnedAway = is(attemptsNotOk(), atLeast(1));
const outOfPorts = outcomes({}, "connect EADDRNOTAVAIL", atLeast(1));

const listening = (state: TcpState) => ({ host: "server", side: "listener", state }) as const;
const heldAtTheEnd = (bound: Bound) => is(lastOf(listening("ESTABLISHED")), bound);
const noMoreThanDescriptors = (state: TcpState) =>
  difference(peakOf({ ...listening(state), port: 8080 }), descriptorLimit({ program: "server" }), atMost(0));

/** Linux delays an acknowledgement by at least 40 ms (TCP_DELACK_MIN). Without that delay no answer takes 30 ms. */
const STALL_MS = 30;
const takes = (program: string, bound: Bound) => is(medianTime(program), bound);

/** Clearly less in the second recording: on a busy machine a saving of less than a quarter cannot be distinguished from none. */
const less = (one: Figure, worth = 0.75) => ratio(one, one, atLeast(1 / worth));
/** One stall of such a machine delays a whole page, but not its median request. */
const PAGE = less(wholeTime("load"), 0.95);
const REQUEST = less(medianTime("load"));
const HANDSHAKES = less(connectionsOf({ program: "load" }));
const SEGMENTS = less(countersOf("client", ["TcpOutSegs", "TcpInSegs"]));
const HELD = less(peakOf(listening("ESTABLISHED")));

const keepsAlive = [
  is(answersOn("HTTP/1.1"), exactly(2)),
  reads(connectionHeader("HTTP/1.1"), "keep-alive"),
  is(idleLimit("HTTP/1.1"), lessThan(Number.POSITIVE_INFINITY)),
  is(answersOn("HTTP/1.1, close"), exactly(1)),
] as const;
const byVersion = [is(answersOn("HTTP/1.1"), exactly(2)), is(answersOn("HTTP/1.0"), atMost(1))] as const;

const [PAGE_SHORT, PAGE_KEPT] = ["web-visits/page-short", "web-visits/page-kept"];
const [VISITORS_SHORT, VISITORS_KEPT] = ["web-visits/visitors-short", "web-visits/visitors-kept"];

export const limitsAndHttp: Settlings = {
  C98: {
    under: [
      on("idle-connection-hoard/buggy", descriptorsLeft({ program: "server" }, atMost(2)), someTurnedAway),
      on("connection-limits/many-descriptors", allServed),
      on("connection-limits/queued", callsEnded({ program: "server", call: "accept" }, "EMFILE", atLeast(1))),
    ],
    beyond: [
      everyday("connection-limits/queued", noMoreThanDescriptors("ESTABLISHED")),
      everyday("connection-limits/short", noMoreThanDescriptors("TIME-WAIT")),
    ],
  },
  C99: {
    under: [
      on("http-keep-alive/node", ...keepsAlive),
      on("http-keep-alive/nginx", ...keepsAlive),
      on("http-keep-alive/python", is(answersOn("HTTP/1.1"), exactly(1))),
    ],
    beyond: [rare("http-keep-alive/python-http-1.1", keepsAlive[1], keepsAlive[2])],
  },
  C273: {
    under: [
      on("http-keep-alive/node", ...byVersion),
      on("http-keep-alive/nginx", ...byVersion),
      on("http-keep-alive/python-http-1.1", ...byVersion),
    ],
    beyond: [everyday("http-keep-alive/python", ...byVersion)],
  },
  C101: {
    under: [
      on("nagle-delayed-ack/buggy", takes("load", atLeast(STALL_MS))),
      on("nagle-delayed-ack/fixed", takes("load", atMost(STALL_MS))),
    ],
    beyond: [
      everyday("nagle-delayed-ack/buggy#unhurried", takes("unhurried", atLeast(STALL_MS))),
      everyday("nagle-delayed-ack/fixed-by-one-write", takes("load", atLeast(STALL_MS))),
    ],
  },
  C107: {
    under: [
      on("idle-connection-hoard/buggy", heldAtTheEnd(atLeast(23)), someTurnedAway),
      on("idle-connection-hoard/fixed", heldAtTheEnd(atMost(2)), allServed),
    ],
    beyond: [rare("connection-limits/trickle", allServed)],
  },
  C108: {
    under: [
      on("idle-connection-hoard/fixed-by-limit", allServed),
      on("idle-connection-hoard/buggy", someTurnedAway),
    ],
    beyond: [
      rare("connection-limits/many-machines", allServed),
      everyday("connection-limits/shared-address", allServed),
    ],
  },
  C271: {
    under: [on("connection-limits/short", heldAtTheEnd(exactly(0)), allServed)],
    beyond: [
      everyday("connection-limits/short-silent", heldAtTheEnd(exactly(0)), allServed),
      everyday("connection-limits/short", is(lastOf(listening("TIME-WAIT")), exactly(0))),
    ],
  },
  C100a: {
    under: [
      on([PAGE_SHORT, PAGE_KEPT], PAGE, REQUEST, HANDSHAKES, SEGMENTS),
      on(["short-against-long/short-https", "short-against-long/long-https"], HANDSHAKES, SEGMENTS),
    ],
    beyond: [everyday([VISITORS_SHORT, VISITORS_KEPT], REQUEST)],
  },
  C100b: {
    under: [on([PAGE_KEPT, PAGE_SHORT], PAGE), on([VISITORS_KEPT, VISITORS_SHORT], HELD)],
    beyond: [everyday([PAGE_KEPT, PAGE_SHORT], SEGMENTS)],
  },
  C270: {
    under: [
      on("ephemeral-port-exhaustion/buggy", outOfPorts),
      on("ephemeral-port-exhaustion/fixed", allServed),
    ],
    beyond: [
      everyday("short-against-long/short-tcp", outOfPorts),
      rare("ephemeral-port-exhaustion/fixed-by-reuse", outOfPorts),
    ],
  },
  C272: {
    under: [
      on(
        ["connection-memory/kept", "connection-memory/closed"],
        less(memoryEach()),
        less(descriptorsOf({ program: "ends" }, "most")),
      ),
      on([VISITORS_KEPT, VISITORS_SHORT], HELD),
    ],
    beyond: [everyday([PAGE_KEPT, PAGE_SHORT], SEGMENTS)],
  },
};
