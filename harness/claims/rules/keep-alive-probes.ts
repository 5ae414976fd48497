import { atLeast, atMost, exactly } from "../../verdict/vocabulary/bound.ts";
import { is, reads } from "../../verdict/vocabulary/of-figures.ts";
import { endOfWait } from "../../verdict/vocabulary/figures/calls.ts";
import { defaultOf } from "../../verdict/vocabulary/figures/hosts.ts";
import { endsWith } from "../../verdict/vocabulary/figures/reports.ts";
import { keepAliveProbes } from "../../verdict/vocabulary/figures/segments.ts";
import { dueIn, thereFor } from "../../verdict/vocabulary/figures/sockets.ts";
import { socketsAtEndOf } from "../../verdict/vocabulary/sockets.ts";
import { at, given } from "../ask.ts";
import type { Settlings } from "../claim.ts";
import { everyday, on, rare } from "../circumstance.ts";

const WAITING = { host: "server", state: "ESTABLISHED", port: 8080 } as const;
const probes = keepAliveProbes("server");
const firstProbe = dueIn({ ...WAITING, timer: "keepalive" });
const isThere = reads(endOfWait("server", WAITING), "–");
const timedOut = reads(endOfWait("server", WAITING), "ETIMEDOUT");

const fourCases = (program: string) =>
  [
    reads(endsWith(program, "client"), "–"),
    reads(endsWith(program, "crashed"), "5 ETIMEDOUT"),
    reads(endsWith(program, "rebooted"), "3 ECONNRESET"),
    reads(endsWith(program, "unreachable"), "1 ETIMEDOUT"),
  ] as const;

export const keepAlive: Settlings = {
  C94: {
    under: [
      on(
        ["keep-alive-probes/defaults", "keep-alive-probes/default-count"],
        is(defaultOf("server", "net.ipv4.tcp_keepalive_time", "s"), exactly(7200)),
        is(firstProbe, atLeast(7000)),
        is(defaultOf("server", "net.ipv4.tcp_keepalive_intvl", "s"), exactly(75)),
        at(1, is(probes, exactly(10))),
      ),
    ],
  },
  C95: {
    under: [on("half-open-idle/fixed-by-keepalive", ...fourCases("server"))],
    beyond: [
      rare("half-open-idle/fixed-by-keepalive#limited", ...fourCases("limited")),
      rare("keep-alive-probes/peer-stopped", isThere),
    ],
  },
  C96: {
    under: [
      on(
        "half-open-idle/fixed-by-keepalive",
        reads(endsWith("server", "client"), "–"),
        socketsAtEndOf("drain", WAITING, atLeast(2)),
      ),
    ],
    beyond: [
      rare("half-open-idle/fixed-by-keepalive#limited", reads(endsWith("limited", "client"), "–")),
      rare("keep-alive-probes/peer-stopped", given(isThere, is(probes, atLeast(3)))),
    ],
  },
  C97: {
    under: [
      on("keep-alive-probes/not-asked#cable", is(thereFor("drain", WAITING), atLeast(3)), isThere),
      on("keep-alive-probes/three-probes#cable", timedOut),
    ],
    beyond: [
      everyday("keep-alive-probes/defaults#cable", is(firstProbe, atMost(600))),
      everyday("keep-alive-probes/data-under-way#cable", timedOut),
    ],
  },
};
