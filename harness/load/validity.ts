import type { LoadRun } from "./load-run.ts";
import { portsRunLow, SLOW_FROM, type PortUse } from "./ports.ts";
import type { LoadFigures } from "./result.ts";
import { countOf } from "./seconds.ts";

/**
 * A thread that had work for this share of the time had no slack. A server that was this busy can do at most 1 / 0.9 of what it did
 * (utilisation law: throughput is utilisation divided by service time). So the rate is the server's limit within 11 %.
 */
const SATURATED = 0.9;
/** How late the generator may begin the latest hundredth of requests with a rate, in milliseconds and as a share of their p99. */
const PACING_MS = 1;
const PACING_SHARE = 0.1;
/** The share of requests, or of the time, that can be missing while a p99 or a rate still deserves its name. */
const MISSING = 0.01;
/** The share of its time for which a thread must have waited for a processor for a warning. */
const CROWDED = 0.1;

/** The shortest lag with a warning. */
const LONG_MS = 10;
/** Looks that are further apart than this get a warning. */
const SELDOM_MS = 250;

/** The number of connections of other programs in the same namespace from which there is a warning. */
const OTHERS = 10;

/** Whether a load's figures are the server's; the reasons if they are not; and warnings. */
export interface Validity {
  valid: boolean;
  because: string[];
  warnings: string[];
}

/** Judges the figures of a load. Any reason makes the load invalid; docs/load.md explains each reason. */
export function validity(figures: LoadFigures, run: LoadRun): Validity {
  const because = [
    cutShort(figures, run),
    nothing(figures),
    noPorts(figures.ports, run),
    bottleneck(figures, run),
    late(figures),
    notReached(figures, run),
    noPlace(figures),
    lagged(figures),
    backedOff(figures, run),
  ].filter((reason) => reason !== null);
  const warnings = [
    fewPorts(figures.ports),
    bothBusy(figures),
    crowded(figures),
    failed(figures),
    tail(figures),
    seldom(figures),
    others(figures),
  ].filter((warning) => warning !== null);
  return { valid: because.length === 0, because, warnings };
}

function cutShort({ seconds }: LoadFigures, { exit, plan, ends }: LoadRun): string | null {
  const planned = plan.durationMs / 1000;
  if (exit.how === "interrupted") {
    return `The load was ended from outside after ${seconds.toFixed(1)} of ${planned} s.`;
  }
  if (exit.how === "overdue") return "The load program did not end in time, and was killed.";
  if (ends.length > 0 && exit.code === 0) return null;
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
  const last = exit.lastLines.at(-1);
  return `The load program ended ${how}${last === undefined ? "." : `: ${last}`}`;
}

function nothing({ requests, errors, errorReasons }: LoadFigures): string | null {
  if (requests > 0) return null;
  const [most] = Object.keys(errors);
  if (most === undefined) return "No request succeeded: there is nothing to measure.";
  const reason = errorReasons[most] === undefined ? "" : `: ${errorReasons[most]}`;
  return `No request succeeded, so there is nothing to measure. Most attempts ended in ${most}${reason}.`;
}

function noPorts(ports: PortUse, { plan }: LoadRun): string | null {
  if (ports.exhausted === 0) return null;
  const { usable, low, high, states, most } = ports;
  const held = Object.entries(states)
    .map(([state, count]) => `${number(count)} ${state}`)
    .join(", ");
  const all = most >= usable ? "all in use" : `${number(most)} seen in use`;
  return (
    `The ports ran out: ${number(usable)} ${usable === 1 ? "port" : "ports"} (net.ipv4.ip_local_port_range ${low} to ${high}), ` +
    `${all}: ${held} of this side towards ${plan.to.address} port ${plan.to.port}. ` +
    `${number(ports.exhausted)} attempts found no port (connect EADDRNOTAVAIL), so the rate is how fast ports become free.`
  );
}

function bottleneck({ generator, server }: LoadFigures, { plan }: LoadRun): string | null {
  // With a rate, a generator without slack is late, which is measured separately.
  if (plan.ratePerSecond > 0 && generator.pacingMs !== null) return null;
  const own = generator.busy ?? generator.cpu;
  if (own === null || own < SATURATED) return null;
  if (server !== null && server.busy >= SATURATED) return null;
  const remedy =
    plan.engine === "autocannon"
      ? "Use --engine raw."
      : "Give it more threads (--threads), or a rate that it can reach (--rate).";
  if (server === null) {
    return (
      `The generator had work for ${percent(own)} of the time, and the server's processor time could not be read: ` +
      `it is not known which of them limits the rate. ${remedy}`
    );
  }
  return (
    `The generator was the bottleneck: its busiest thread had work for ${percent(own)} of the time, the server's for ` +
    `${percent(server.busy)}. The server could do more. ${remedy}`
  );
}

function late({ generator, latencyMs }: LoadFigures): string | null {
  const own = generator.pacingMs?.p99 ?? 0;
  const all = latencyMs.total?.p99 ?? 0;
  if (own <= PACING_MS || own <= PACING_SHARE * all) return null;
  return (
    `The generator was late: one request in a hundred was begun ${ms(own)} or more after it was due, ` +
    `and the p99 of ${ms(all)} includes that delay.`
  );
}

function notReached(figures: LoadFigures, { plan }: LoadRun): string | null {
  if (plan.ratePerSecond === 0 || figures.seconds === 0) return null;
  const errors = countOf(figures.errors);
  const begun = (figures.requests + errors + figures.cancelled) / figures.seconds;
  if (begun >= (1 - MISSING) * plan.ratePerSecond) return null;
  return `The rate was not reached: ${number(begun)} of ${number(plan.ratePerSecond)} requests a second were begun.`;
}

function noPlace({ generator, requests, errors }: LoadFigures): string | null {
  const due = countOf(errors) + requests;
  if (requests === 0 || generator.neverBegun <= MISSING * due) return null;
  return (
    `${number(generator.neverBegun)} of ${number(due)} requests were due and found no free connection until the end: their ` +
    `times, which would be the longest, are missing. Use more --connections, or a lower --rate.`
  );
}

function lagged({ generator, seconds }: LoadFigures): string | null {
  const lag = generator.lagMs ?? 0;
  if (seconds === 0 || lag <= MISSING * seconds * 1000) return null;
  return (
    `The generator's event loop stalled for ${ms(lag)} at a stretch, more than a hundredth of the load: ` +
    `the p99 can be the generator's, not the server's.`
  );
}

function backedOff({ generator, requests, seconds }: LoadFigures, { plan }: LoadRun): string | null {
  const share = seconds === 0 || requests === 0 ? 0 : generator.backedOffMs / 1000 / seconds / plan.threads;
  if (share <= MISSING) return null;
  return (
    `For ${percent(Math.min(share, 1))} of the time no request was begun, because the last ones had failed: ` +
    "the rate includes these pauses, so it is not the server's."
  );
}

function fewPorts(ports: PortUse): string | null {
  if (ports.exhausted > 0 || !portsRunLow(ports)) return null;
  const { mostTaken, usable } = ports;
  return (
    `${number(mostTaken)} of ${number(usable)} ports towards the target were taken. From ${number(usable * SLOW_FROM)} on, ` +
    `connect() tries every port of one parity in vain before it finds a free one, and the figures include that time.`
  );
}

function bothBusy({ generator, server }: LoadFigures): string | null {
  if ((generator.busy ?? 0) < SATURATED || server === null || server.busy < SATURATED) return null;
  return (
    `Server and generator both had work all the time (${percent(server.busy)} and ${percent(generator.busy ?? 0)}): the rate is ` +
    `the limit of a server that shares this machine with this generator, and the times include waits in the generator.`
  );
}

function crowded({ generator, server }: LoadFigures): string | null {
  const own = generator.busy === null ? 0 : generator.busy - (generator.cpu ?? 0);
  const others = server === null ? 0 : server.busy - server.cpu;
  if (own < CROWDED && others < CROWDED) return null;
  const seen = server === null ? "" : `, the server's for ${percent(others)}`;
  return (
    `The generator's busiest thread waited for a processor for ${percent(own)} of the time${seen}: there was more work than ` +
    `processors, from the load or from other programs, and the figures hold only for a machine that is this busy.`
  );
}

function failed({ requests, errors }: LoadFigures): string | null {
  const count = countOf(errors);
  if (requests === 0 || count <= MISSING * (requests + count)) return null;
  return `${percent(count / (requests + count))} of the attempts failed; the times are those of the attempts that succeeded.`;
}

function tail({ generator, latencyMs }: LoadFigures): string | null {
  const lag = generator.lagMs ?? 0;
  const { p99, max } = latencyMs.total ?? { p99: Infinity, max: Infinity };
  if (lag < LONG_MS || lag <= p99 || lag < max / 2) return null;
  return (
    `The generator's event loop stalled for ${ms(lag)} once: the longest times (up to ${ms(max)}) can be the ` +
    "generator's, not the server's."
  );
}

function seldom({ looks }: LoadFigures): string | null {
  if (looks.everyMs <= SELDOM_MS) return null;
  return (
    `Sockets were observed only every ${Math.round(looks.everyMs)} ms at times, because a sample took up to ` +
    `${ms(looks.longestMs)} of processor time: the true maximum of sockets and ports can be higher than the one reported.`
  );
}

function others({ counters, socketsUsed, segmentsPerRequest }: LoadFigures): string | null {
  const count = (counters["TcpActiveOpens"] ?? 0) - socketsUsed;
  if (segmentsPerRequest === null || count < OTHERS || count <= MISSING * socketsUsed) return null;
  return `${number(count)} other connections were opened in this network namespace meanwhile: the segments include theirs.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
