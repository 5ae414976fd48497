import { plainTable } from "../table.ts";
import type { Trends } from "../trends.ts";
import { NAMES } from "./watched.ts";

/** Figures of the same files that are no counters: they are current values. */
const CURRENT = /^(sockstat\.|TcpCurrEstab$|TcpMaxConn$|TcpRto)/;
/** Counters of packets rather than of connections: they move most, and say least. They come last. */
const TRAFFIC =
  /^(Tcp(InSegs|OutSegs)|TcpExt(TCPHPHits|TCPPureAcks|TCPHPAcks|TCPOrigDataSent|TCPDelivered|TCPAutoCorking|DelayedACKs|TCPRcvCoalesce))$/;

/** The counters of TCP that have moved in the last looks: how fast they move now, and the trend. Without trends there is none. */
export function countersTable(trends: Trends | null): string[] {
  if (trends === null) return [];
  const names = trends
    .byMovement()
    .filter((name) => name.startsWith(NAMES.counter("Tcp")))
    .map((name) => name.slice(NAMES.counter("").length))
    .filter((name) => !CURRENT.test(name) && trends.movement(NAMES.counter(name)) > 0);
  if (names.length === 0) return [];
  const rows = names.toSorted((a, b) => Number(TRAFFIC.test(a)) - Number(TRAFFIC.test(b)));
  return plainTable(
    [
      ["counter", "a second", "trend"],
      ...rows.map((name) => [
        name,
        rateText(trends.rate(NAMES.counter(name))),
        trends.lineOfChanges(NAMES.counter(name)),
      ]),
    ],
    ["left", "right", "left"],
  );
}

function rateText(rate: number): string {
  return rate > 0 && rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}
