import { compiled } from "../../../harness/lab/paths.ts";
import type { LoadEndLine, LoadLine } from "../../../harness/load/line.ts";
import { latencyMs, type LoadSum, sumLoad } from "../../../harness/measure/load.ts";
import { median } from "../../../harness/measure/median.ts";
import { PORT } from "./nginx.ts";
import { orderOf } from "./order.ts";
import type { Conditions } from "./quiet.ts";
import type { Verdict } from "./table.ts";
import { type Generator, takeTurn } from "./turn.ts";
import { columns } from "../../columns.ts";

/** The warm-up. At this rate V8 compiles frequently used code for the last time after about two seconds, for up to 5 ms at a time. */
const WARM_UP_MS = 3_000;
const RATE = 5000;
const BARS = { achieved: 0.01, lateMs: 1 };
const NO_PLACE = "never begun";
const line = columns([20, 29, 19, 19, 0]);

/** The results of one round of a load at a rate. */
export interface Paced {
  perSecond: number;
  lateP50Ms: number;
  lateP99Ms: number;
  lateMostMs: number;
}

/** Loads nginx at a set rate, and measures how well the client kept it: the achieved rate, and how late attempts began. */
export async function measurePace({ rounds, seconds, cores, folder, turns }: Conditions): Promise<Verdict[]> {
  const modes = [
    pacer("short", ["short-http", "--close", "server"]),
    pacer("keep-alive", ["long-http"]),
  ] as const;
  const measured = new Map<string, Paced[]>(modes.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of orderOf(modes, round)) {
      const { told } = await turns.take(() => takeTurn(mode, seconds, cores, folder));
      measured.get(mode.name)?.push(told);
    }
  }
  console.log(
    `\n  ${line([`at ${RATE} a second`, "achieved (min-max)", "late p50 ms", "late p99 ms", "most ms"])}`,
  );
  for (const [name, paced] of measured) console.log(`  ${rowOf(name, paced)}`);
  return [...measured].flatMap(([name, paced]) => verdictsOf(name, paced));
}

function pacer(name: string, [client = "", ...options]: string[]): Generator<Paced> {
  const program = [process.execPath, compiled(`clients/${client}.js`), "--to", `127.0.0.1:${PORT}`];
  const load = ["--open", "--rate", `${RATE}`, "--concurrency", "500", "--report", "histograms"];
  const command = (seconds: number): string[] => [
    ...[...program, ...options, ...load],
    ...["--warm-up-ms", `${WARM_UP_MS}`, "--duration-ms", `${seconds * 1000 + WARM_UP_MS}`],
  ];
  return { name, command, read: readPaced };
}

/** Parses the pacing of one of our clients. Throws when it printed none, or when an attempt failed. */
export function readPaced(said: string): Paced {
  const lines = said
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as LoadLine | LoadEndLine);
  const sum: LoadSum = sumLoad(
    lines.filter((one) => one.kind === "load"),
    lines.filter((one) => one.kind === "load-end"),
  );
  const late = latencyMs(sum.pacing);
  if (late === null) throw new Error("the client printed no pacing");
  // Attempts without a connection are allowed here: they lower the rate, and the rate is judged.
  const failed = Object.keys(sum.outcomes).filter((one) => one !== "ok" && one !== NO_PLACE);
  if (failed.length > 0) throw new Error(`attempts failed: ${failed.join(", ")}`);
  return { perSecond: sum.perSecond, lateP50Ms: late.p50, lateP99Ms: late.p99, lateMostMs: late.max };
}

function rowOf(name: string, paced: readonly Paced[]): string {
  const rates = paced.map(({ perSecond }) => perSecond);
  const of = (which: keyof Paced): string => median(paced.map((one) => one[which])).toFixed(3);
  const most = Math.max(...paced.map(({ lateMostMs }) => lateMostMs)).toFixed(1);
  return line([
    ...[
      name,
      `${median(rates).toFixed(1)} (${Math.min(...rates).toFixed(1)}-${Math.max(...rates).toFixed(1)})`,
    ],
    ...[of("lateP50Ms"), of("lateP99Ms"), most],
  ]);
}

/** The verdicts on both bars, by the medians of the rounds. */
export function verdictsOf(name: string, paced: readonly Paced[]): Verdict[] {
  const achieved = median(paced.map(({ perSecond }) => perSecond));
  const lateMs = median(paced.map(({ lateP99Ms }) => lateP99Ms));
  const error = achieved / RATE - 1;
  const [kept, begun] = [Math.abs(error) <= BARS.achieved, lateMs < BARS.lateMs];
  const word = (met: boolean): string => (met ? "met" : "missed");
  return [
    {
      met: kept,
      text: `bar ${name} within ${BARS.achieved * 100} % of ${RATE} a second: ${(error * 100).toFixed(2)} %, ${word(kept)}`,
    },
    {
      met: begun,
      text: `bar ${name} begun less than ${BARS.lateMs} ms late at p99: ${lateMs.toFixed(3)}, ${word(begun)}`,
    },
  ];
}
