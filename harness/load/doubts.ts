import { PERCENTILE_NAMES, type Percentile } from "../measure/load.ts";
import type { LoadPlan } from "./load-plan.ts";
import type { LoadRun } from "./load-run.ts";
import { rateText } from "../model/rate.ts";
import { type Doubt, grave, MISSING, TIMES } from "./doubt.ts";
import { fewRounds } from "./few-rounds.ts";
import { portDoubt, wereSlow } from "./port-doubt.ts";
import type { LoadFigures } from "./result.ts";
import { countOf } from "./seconds.ts";
import { above, doubtfulTimes } from "./stalls.ts";
import { ms, number, percent } from "./wording.ts";

/**
 * A thread that had work for this share of the time had no slack. A server that was this busy can do at most 1 / 0.9 of what it did
 * (utilisation law: throughput is utilisation divided by service time). So the rate is the server's limit within 11 %.
 */
export const SATURATED = 0.9;
/** How late the generator may begin requests with a rate, in milliseconds and as a share of their time. */
const PACING_MS = 1;
const PACING_SHARE = 0.1;
/** The percentiles that few times decide. */
const TAIL: ReadonlySet<Percentile> = new Set(["p999", "max"]);

/** The reasons not to trust figures of a load; docs/load.md explains each. */
export function doubts(figures: LoadFigures, run: LoadRun): Doubt[] {
  const over = [cutShort(figures, run), nothing(figures, run), portDoubt(figures, run)];
  // Without a request there are no figures to doubt: a generator that only meets failures is busy with them.
  const all =
    figures.requests === 0
      ? over
      : [
          ...over,
          bottleneck(figures, run),
          late(figures),
          notReached(figures, run),
          noPlace(figures, run),
          stalled(figures),
          backedOff(figures, run),
          fewRounds(figures, run.plan),
        ];
  return all.filter((doubt) => doubt !== null);
}

/** A load that ended before its time: its figures are those of the time until then. */
function cutShort({ seconds }: LoadFigures, { exit, plan, ends }: LoadRun): Doubt | null {
  const planned = plan.durationMs / 1000;
  if (exit.how === "interrupted") {
    const when =
      seconds === 0
        ? "during its warm-up: nothing was measured"
        : `after ${seconds.toFixed(1)} of ${planned} s`;
    return grave(`The load was ended from outside ${when}.`);
  }
  if (exit.how === "overdue") return grave("The load program did not end in time, and was killed.");
  if (ends.length > 0 && exit.code === 0) return null;
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
  const last = exit.lastLines.at(-1);
  return grave(`The load program ended ${how}${last === undefined ? "." : `: ${last}`}`);
}

function nothing(figures: LoadFigures, { exit, plan }: LoadRun): Doubt | null {
  const { requests, seconds, errors, errorReasons, warmUp } = figures;
  if (requests > 0 || (exit.how === "interrupted" && seconds === 0)) return null;
  const [most] = Object.keys(errors);
  // Ctrl+C is reason enough, and nothing failed.
  if (most === undefined && exit.how === "interrupted") return null;
  if (most === NEVER_BEGUN && warmUp.requests > 0) {
    return grave(
      `${unreachable(figures, plan)} All requests that were answered had become due in the warm-up, so there is nothing to measure. ${REACHABLE}`,
    );
  }
  if (most === undefined && warmUp.requests > 0) {
    return grave(
      `All ${number(warmUp.requests)} requests that were answered had begun in the warm-up, so there is no time to print: answers are slow. ` +
        "Use a longer --duration.",
    );
  }
  if (most === undefined) return grave("No request succeeded: there is nothing to measure.");
  const reason = errorReasons[most] === undefined ? "" : `: ${errorReasons[most]}`;
  return grave(
    `No request succeeded, so there is nothing to measure. Most attempts ended in ${most}${reason}.`,
  );
}

function bottleneck({ generator, server, ports, seconds }: LoadFigures, { plan }: LoadRun): Doubt | null {
  // With a rate, a generator without slack is late, which is measured separately.
  if (plan.ratePerSecond > 0 && generator.pacingMs !== null) return null;
  // Then it is busy with connect(), and the doubt about ports says so.
  if (wereSlow(ports, seconds)) return null;
  const own = generator.busy ?? generator.cpu;
  if (own === null || own < SATURATED) return null;
  if (server !== null && server.busy >= SATURATED) return null;
  const all = ["perSecond", ...TIMES];
  const remedy =
    plan.engine === "autocannon"
      ? "Use --engine raw."
      : "Give it more threads (--threads), or a rate that it can reach (--rate).";
  if (server === null) {
    return grave(
      `The generator had work for ${percent(own)} of the time, and how busy the server was could not be read: ` +
        `it is not known which of them limits the rate. ${remedy}`,
      all,
    );
  }
  return grave(
    `The generator was the bottleneck: its busiest thread had work for ${percent(own)} of the time, the server's for ` +
      `${percent(server.busy)}. The server could do more. ${remedy}`,
    all,
  );
}

/** How many requests a percentile leaves above itself, in words. */
const ABOVE: Record<Percentile, string> = {
  p50: "half of the requests were",
  p75: "a quarter of the requests was",
  p90: "a tenth of the requests was",
  p95: "one request in twenty was",
  p99: "one request in a hundred was",
  p999: "one request in a thousand was",
  max: "one request was",
};

function late({ generator, latencyMs }: LoadFigures): Doubt | null {
  const { pacingMs } = generator;
  const { total } = latencyMs;
  if (pacingMs === null || total === null) return null;
  const own = PERCENTILE_NAMES.filter(
    (name) => pacingMs[name] > PACING_MS && pacingMs[name] > PACING_SHARE * total[name],
  );
  const [worst] = own.includes("p99") ? (["p99"] as const) : own;
  if (worst === undefined) return null;
  return {
    because:
      `The generator was late: ${ABOVE[worst]} begun ${ms(pacingMs[worst])} or more after it was due, ` +
      `and total.${worst} (${ms(total[worst])}) includes that delay.`,
    figures: own.flatMap((name) => [`firstByte.${name}`, `total.${name}`]),
    grave: own.some((name) => !TAIL.has(name)),
  };
}

function notReached(figures: LoadFigures, { plan }: LoadRun): Doubt | null {
  if (plan.ratePerSecond === 0 || figures.seconds === 0) return null;
  const errors = countOf(figures.errors);
  const begun = (figures.requests + errors + figures.cancelled) / figures.seconds;
  if (begun >= (1 - MISSING) * plan.ratePerSecond) return null;
  return grave(
    `The rate was not reached: ${rateText(begun)} of ${rateText(plan.ratePerSecond)} requests a second were begun.`,
    ["perSecond"],
  );
}

/** The outcome of a request that was due and found no free connection. */
const NEVER_BEGUN = "never begun";
/** What to do about a rate that is too high. */
const REACHABLE = "Use more --connections, or a lower --rate.";

/** Why a rate could not be kept, with what happened instead: over the whole load, because a backlog of the warm-up is answered after it. */
function unreachable({ requests, seconds, warmUp, generator }: LoadFigures, plan: LoadPlan): string {
  const answered = (requests + warmUp.requests) / (plan.warmUpMs / 1000 + seconds);
  return (
    `The rate could not be reached: ${rateText(plan.ratePerSecond)} requests a second were due, and ${rateText(answered)} a second were ` +
    `answered. At the end the load was ${number(generator.neverBegun + warmUp.neverBegun)} requests behind its plan.`
  );
}

function noPlace(figures: LoadFigures, { plan }: LoadRun): Doubt | null {
  const { generator, requests, errors } = figures;
  const due = countOf(errors) + requests;
  const { neverBegun } = generator;
  if (neverBegun === 0) return null;
  const isGrave = neverBegun > MISSING * due;
  const rate = isGrave ? `${unreachable(figures, plan)} ` : "";
  // The missing times are the longest: of a percentile with fewer requests above it than are missing, they decide the value.
  const own = PERCENTILE_NAMES.filter((name) => neverBegun > above(name, due));
  return {
    because:
      `${rate}${number(neverBegun)} of ${number(due)} requests were due and found no free connection until the end: their ` +
      `times, which would be the longest, are missing. ${REACHABLE}`,
    figures: own.flatMap((name) => [`firstByte.${name}`, `total.${name}`]),
    grave: isGrave,
  };
}

function stalled(figures: LoadFigures): Doubt | null {
  const doubtful = doubtfulTimes(figures);
  const [first] = doubtful;
  if (first === undefined) return null;
  const core = doubtful.filter(({ percentile }) => !TAIL.has(percentile));
  // A time to the last byte includes the others.
  const all = core.length > 0 ? core : doubtful;
  const last = all.filter(({ name }) => name.startsWith("total."));
  const shown = (last.length > 0 ? last : all).map(({ name, ms: value }) => `${name} (${ms(value)})`);
  const longest = Math.max(...all.map((one) => one.ms));
  const lasted = figures.generator.stalls.find(({ lastedMs }) => lastedMs <= longest)?.lastedMs ?? 0;
  return {
    because:
      `The generator's event loop stalled for up to ${ms(lasted)} while requests were under way, and read their answers late: ` +
      `${listed(shown)} can be the generator's, not the server's.`,
    figures: doubtful.map(({ name }) => name),
    grave: core.length > 0,
  };
}

function backedOff({ generator, seconds }: LoadFigures, { plan }: LoadRun): Doubt | null {
  const share = seconds === 0 ? 0 : generator.backedOffMs / 1000 / seconds / plan.threads;
  if (share <= MISSING) return null;
  return grave(
    `For ${percent(Math.min(share, 1))} of the time no request was begun, because the last ones had failed: ` +
      "the rate includes these pauses, so it is not the server's.",
    ["perSecond"],
  );
}

/** Words as a list: `a, b and c`. */
function listed(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
