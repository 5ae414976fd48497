import { median } from "../../../harness/measure/median.ts";
import type { Arm, Mode } from "./arms.ts";
import { type Bar, ratioOf, ratioText } from "./bars.ts";
import type { Turn } from "./turn.ts";
import { columns } from "../../columns.ts";

/** An arm, its turns of all rounds, and the reason if they do not count. */
export interface Measured {
  arm: Pick<Arm, "name" | "mode" | "countedBy">;
  turns: Turn[];
  because: string | null;
}

const line = columns([22, 29, 19, 9, 9, 0]);

/** The table of a mode: headings, and one row for each arm. Last column: answers that nginx logged and the tool did not count. */
export function rowsOf(mode: Mode, measured: readonly Measured[]): string[] {
  const all = measured.filter(({ arm }) => arm.mode === mode);
  const ours = all[0]!;
  const cell = (one: Measured): string[] => {
    if (one.because !== null) return [one.arm.name, `not measured: ${one.because}`];
    const told = one.turns.map((turn) => turn.told);
    const rate = told.map(({ perSecond }) => perSecond);
    const unseen = one.turns.map((turn) => turn.logged.answered - turn.told.requests);
    const ratio = ours.because === null && one !== ours ? ratioText(ratioOf(rates(ours), rate)) : "";
    return [
      one.arm.countedBy === undefined ? one.arm.name : `${one.arm.name}, by ${one.arm.countedBy}`,
      `${count(median(rate))} (${count(Math.min(...rate))}-${count(Math.max(...rate))})`,
      ratio,
      latency(told.map(({ p50Ms }) => p50Ms)),
      latency(told.map(({ p99Ms }) => p99Ms)),
      `${Math.min(...unseen)} to ${Math.max(...unseen)}${unanswered(one)}`,
    ];
  };
  const headings = [mode, "requests/s (min-max)", "lastack / it", "p50 ms", "p99 ms", "not counted"];
  return ["", ...[headings, ...all.map(cell)].map(line)];
}

/** Whether a bar is met, as a boolean and as a sentence. */
export interface Verdict {
  met: boolean;
  text: string;
}

/** The verdict on a bar. A bar that was not measured is not met. `absence` is the reason when the other generator has no arm at all. */
export function verdictOf(
  { mode, other, least }: Bar,
  measured: readonly Measured[],
  absence: string,
): Verdict {
  const bar = `bar ${mode} at least ${least.toFixed(2)} x ${other}: `;
  const of = (name: string): Measured | undefined =>
    measured.find(({ arm }) => arm.mode === mode && arm.name === name);
  const [ours, theirs] = [of("lastack"), of(other)];
  if (theirs === undefined) return { met: false, text: `${bar}not measured: ${absence}` };
  const broken = [ours, theirs].find((one) => one?.because !== null);
  if (ours === undefined || broken !== undefined)
    return { met: false, text: `${bar}not measured: ${broken?.arm.name}: ${broken?.because}` };
  const ratio = ratioOf(rates(ours), rates(theirs));
  const met = ratio.ofMedians >= least;
  const how = theirs.arm.countedBy === undefined ? "" : ` (${theirs.arm.countedBy} counted, not ${other})`;
  return { met, text: `${bar}${ratioText(ratio)}, ${met ? "met" : "missed"}${how}` };
}

/** For a generator whose own counts are not used: the share of its requests that nginx did not answer. */
function unanswered({ arm, turns }: Measured): string {
  if (arm.countedBy === undefined) return "";
  const parts = turns.map(({ told, logged }) => 1 - logged.answered / (told.sent ?? Number.NaN));
  return `; nginx did not answer ${Math.round(median(parts) * 100)} % of its requests`;
}

function rates({ turns }: Measured): number[] {
  return turns.map(({ told }) => told.perSecond);
}

/** The median of the rounds, without more digits than the tool printed. */
function latency(ms: (number | null)[]): string {
  const said = ms.filter((one) => one !== null);
  return said.length === 0 ? "-" : `${Number(median(said).toFixed(3))}`;
}

function count(rate: number): string {
  return Math.round(rate).toLocaleString("en");
}
