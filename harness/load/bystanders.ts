import type { LoadSum } from "../measure/load.ts";
import type { Bystanders, LoadRun, Surroundings } from "./load-run.ts";

/** What other connections did in the namespace of a load, from its beginning to its end. */
export interface BystanderFigures {
  /** How many other connections were opened, in either direction. */
  opened: number;
  /** Their segments that samples saw, and those of connections that were there before; counted like the load's. */
  segments: number;
  /** The connection with most of them: `127.0.0.1:8080 to 127.0.0.1:40000`; null: none was seen. */
  most: string | null;
}

/** The traffic of all connections of the namespace but those to the target. */
export function bystanderFigures({ looks, surroundings }: LoadRun, sum: LoadSum): BystanderFigures {
  const last = looks.at(-1);
  const { TcpActiveOpens: active = 0, TcpPassiveOpens: passive = 0 } = last?.counters.deltas ?? {};
  const own = sum.connections + sum.warmUp.connections;
  // The kernel counts a connect() that fails, too.
  const called = own + failedConnects(sum.outcomes) + failedConnects(sum.warmUp.outcomes);
  const accepted = surroundings.bothEndsHere ? called : 0;
  const seen = last?.bystanders;
  return {
    // A connection with both ends here is in both counters.
    opened: Math.max(active - called, passive - accepted, 0),
    segments: seen === undefined ? 0 : segmentsSeen(seen, surroundings),
    most: seen?.most ?? null,
  };
}

/** Segments in both directions: where both ends are here, each that is received was sent here, too. */
export function segmentsSeen(
  { sent, received }: Pick<Bystanders, "sent" | "received">,
  { bothEndsHere }: Pick<Surroundings, "bothEndsHere">,
): number {
  return bothEndsHere ? sent : sent + received;
}

function failedConnects(outcomes: Record<string, number>): number {
  return Object.entries(outcomes)
    .filter(([outcome]) => outcome.startsWith("connect "))
    .reduce((total, [, count]) => total + count, 0);
}
