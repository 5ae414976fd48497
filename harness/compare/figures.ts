import type { Arm, ComparisonPlan, Contrast, Estimate, RequestsEach, Turn } from "../model/comparison.ts";
import { armId } from "./arm.ts";
import { isClosedAtOnce } from "./closed-after.ts";
import { bootstrap, median, middle } from "./interval.ts";
import { isShortOfPorts, limitOf } from "./limit.ts";

/** The results of the arms in one repetition, by arm id. */
export type Repetition = Record<string, Turn>;

/** An arm's figures over its repetitions. There must be at least one repetition. `unseen` says why figures are null. */
export function armOf(
  plan: ComparisonPlan,
  requestsEach: RequestsEach,
  rttMs: number | null,
  turns: readonly Turn[],
  unseen: Record<string, string> = {},
): Arm {
  const arm: Omit<Arm, "unseen"> = {
    id: armId(requestsEach),
    requestsEach,
    rttMs,
    repetitions: turns.length,
    perSecond: sure(turns.map((turn) => turn.perSecond)),
    connectMs: two(turns.map((turn) => turn.connectMs)),
    firstByteMs: two(turns.map((turn) => turn.firstByteMs)),
    totalMs: two(turns.map((turn) => turn.totalMs)),
    serverCpuUs: middle(turns.map((turn) => turn.serverCpuUs)),
    serverCores: middle(turns.map((turn) => turn.serverCores)),
    busy: busyOf(turns),
    clientCpuUs: sure(turns.map((turn) => turn.clientCpuUs)),
    clientCores: sure(turns.map((turn) => turn.clientCores)),
    segments: middle(turns.map((turn) => turn.segments)),
    connectionsEach: sure(turns.map((turn) => turn.connectionsEach)),
    connectionsPerSecond: sure(turns.map((turn) => turn.connectionsPerSecond)),
    closedAfter: middle(turns.map((turn) => turn.closedAfter)),
    timeWait: {
      client: most(turns.map((turn) => turn.timeWait.client)),
      server: most(turns.map((turn) => turn.timeWait.server)),
    },
    ports: {
      most: most(turns.map((turn) => turn.ports.most)),
      taken: most(turns.map((turn) => turn.ports.taken)),
      range: most(turns.map((turn) => turn.ports.range)),
      keptS: Math.max(0, ...turns.map((turn) => turn.ports.keptS)),
      slow: turns.some((turn) => turn.ports.slow),
    },
    limitedBy: limitOf(turns, rttMs, plan.connections),
    errors: sumErrors(turns),
  };
  const known = Object.entries(WHY_UNSEEN).filter(
    ([figure]) => arm[figure as keyof typeof WHY_UNSEEN] === null,
  );
  return { ...arm, unseen: { ...Object.fromEntries(known), ...unseen } };
}

/** Why a figure is null, if the caller gives no reason. */
const WHY_UNSEEN = {
  connectMs: "no connection was opened after the warm-up in more than half of the repetitions",
  serverCpuUs: "the server was observed less than twice while the arm was measured",
  segments: "the counters of the client's host were not read",
};

/**
 * Compares keep-alive with short connections at one round-trip time; null when there is nothing to compare: a repetition lacks one of
 * them, ports limited one of them, or the server kept no connection.
 */
export function contrastOf(
  plan: ComparisonPlan,
  rttMs: number | null,
  repetitions: readonly Repetition[],
): Contrast | null {
  const short = turnsIn(repetitions, 1);
  const kept = turnsIn(repetitions, null);
  if (short.length < repetitions.length || kept.length < repetitions.length) return null;
  if (isShortOfPorts([...short, ...kept]) || kept.some(isClosedAtOnce)) return null;
  const [first, last] = [figuresOf(short), figuresOf(kept)];
  const ratio = (over: Figures, under: Figures): Estimate | null => put((a = 0, b = 0) => a / b, over, under);
  const rate = ratio(last.perSecond, first.perSecond);
  const clientCpu = ratio(first.clientCpuUs, last.clientCpuUs);
  if (rate === null || clientCpu === null) return null;
  // If arms wait for round trips, keep-alive saves time; if the machine is busy, it saves work at both ends.
  const dear = limitOf(short, rttMs, plan.connections) === "round trips" ? "time" : "work";
  const saved = plan.arms.flatMap((requestsEach) => {
    const turns = turnsIn(repetitions, requestsEach);
    if (requestsEach === null || requestsEach === 1 || turns.length < repetitions.length) return [];
    if (isShortOfPorts(turns)) return [];
    const some = figuresOf(turns);
    const share = saving(COSTS[dear], [first, some, last]);
    const ofSegments = saving(SEGMENTS, [first, some, last]);
    return share === null ? [] : [{ requestsEach, share, ofSegments }];
  });
  return {
    rttMs,
    rate,
    clientCpu,
    dear,
    saved,
    serverCpu: ratio(first.serverCpuUs, last.serverCpuUs),
    laterMs: put((a = 0, b = 0) => a - b, first.totalMs, last.totalMs),
  };
}

/** A figure by repetition. */
type Figures = (number | null)[];
type Compared = "perSecond" | "clientCpuUs" | "serverCpuUs" | "segments" | "totalMs";

function figuresOf(turns: Turn[]): Record<Compared, Figures> {
  return {
    perSecond: turns.map((turn) => turn.perSecond),
    clientCpuUs: turns.map((turn) => turn.clientCpuUs),
    serverCpuUs: turns.map((turn) => turn.serverCpuUs),
    segments: turns.map((turn) => turn.segments),
    totalMs: turns.map((turn) => turn.totalMs?.p50 ?? null),
  };
}

/** What a request costs, computed from medians of some figures, in their order. */
interface Cost {
  from: readonly Compared[];
  of: (middles: readonly number[]) => number;
}

const COSTS: Record<Contrast["dear"], Cost> = {
  time: { from: ["perSecond"], of: ([perSecond = Number.NaN]) => 1 / perSecond },
  work: { from: ["clientCpuUs", "serverCpuUs"], of: (middles) => middles.reduce((sum, one) => sum + one, 0) },
};
const SEGMENTS: Cost = { from: ["segments"], of: ([segments = Number.NaN]) => segments };

/** The part of the difference in cost between the first and the last of three arms that the one between them saves. */
function saving({ from, of }: Cost, arms: readonly Record<Compared, Figures>[]): Estimate | null {
  const figures = arms.flatMap((arm) => from.map((name) => arm[name]));
  return put(
    (...middles) => {
      const [first = 0, between = 0, last = 0] = arms.map((_, nth) =>
        of(middles.slice(nth * from.length, (nth + 1) * from.length)),
      );
      return (first - between) / (first - last);
    },
    ...figures,
  );
}

/** Combines the medians of several figures over the same repetitions; null when no repetition has all of them. */
function put(of: (...middles: number[]) => number, ...all: Figures[]): Estimate | null {
  const whole = (all[0] ?? []).flatMap((_, nth) => {
    const some = all.map((figures) => figures[nth] ?? Number.NaN);
    return some.some(Number.isNaN) ? [] : [some];
  });
  return bootstrap(whole.length, (drawn) =>
    of(...all.map((_, which) => median(drawn.map((nth) => whole[nth]?.[which] ?? Number.NaN)))),
  );
}

function turnsIn(repetitions: readonly Repetition[], requestsEach: RequestsEach): Turn[] {
  return repetitions.flatMap((repetition) => repetition[armId(requestsEach)] ?? []);
}

function busyOf(turns: readonly Turn[]): Arm["busy"] {
  const client = middle(turns.map(({ busy }) => busy?.client ?? null));
  return client === null ? null : { client, server: middle(turns.map(({ busy }) => busy?.server ?? null)) };
}

type Two = { p50: Estimate; p99: Estimate } | null;

function two(all: ({ p50: number; p99: number } | null)[]): Two {
  const p50 = middle(all.map((one) => one?.p50 ?? null));
  const p99 = middle(all.map((one) => one?.p99 ?? null));
  return p50 === null || p99 === null ? null : { p50, p99 };
}

/** The estimate of a figure that every turn has. */
function sure(all: number[]): Estimate {
  const estimate = middle(all);
  if (estimate === null) throw new RangeError("an arm without a repetition has no figures");
  return estimate;
}

function most(all: (number | null)[]): number | null {
  const known = all.filter((one) => one !== null);
  return known.length === 0 || known.length < all.length ? null : Math.max(...known);
}

function sumErrors(turns: readonly Turn[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { errors } of turns) {
    for (const [outcome, count] of Object.entries(errors)) all[outcome] = (all[outcome] ?? 0) + count;
  }
  return all;
}
