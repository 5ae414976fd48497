import { type Arm, armsOf, OURS } from "./arms.ts";
import { type Bar, BARS } from "./bars.ts";
import { orderOf } from "./order.ts";
import type { Conditions } from "./quiet.ts";
import { rowsOf, type Verdict, verdictOf } from "./table.ts";
import { find, SOURCES } from "./tools.ts";
import { countedByNginx, disagreement, takeTurn, type Turn } from "./turn.ts";

const TOOLS = ["wrk", "ab", "hey", "autocannon"] as const;

/** Measures the highest rate of each generator, on short and on kept connections. Prints the tables, and returns the bars' verdicts. */
export async function measureRates({
  rounds,
  seconds,
  cores,
  folder,
  turns,
}: Conditions): Promise<Verdict[]> {
  const arms = [...OURS, ...TOOLS.flatMap((tool) => armsOfInstalled(tool))];
  const measured = arms.map((arm) => ({ arm, turns: [] as Turn[], because: null as string | null }));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of orderOf(measured, round)) {
      if (one.because !== null) continue;
      try {
        one.turns.push(
          await turns.take(async () => {
            const told = await takeTurn(one.arm, seconds, cores, folder);
            const turn = one.arm.countedBy === "nginx" ? countedByNginx(told, seconds) : told;
            const because = disagreement(one.arm, turn);
            if (because !== null) throw new Error(because);
            return turn;
          }),
        );
      } catch (error) {
        one.because = error instanceof Error ? error.message : String(error);
      }
    }
  }
  for (const mode of ["short", "keep-alive"] as const) {
    for (const row of rowsOf(mode, measured)) console.log(`  ${row}`.trimEnd());
  }
  return BARS.map((bar) => verdictOf(bar, measured, absence(bar)));
}

/** The reason why a bar's other generator has no arm: it is not installed. */
function absence({ other }: Bar): string {
  return `${other} is not installed: ${SOURCES[other]}`;
}

function armsOfInstalled(tool: (typeof TOOLS)[number]): Arm[] {
  const place = find(tool);
  if (place === null) console.log(`  ${tool} is not installed: ${SOURCES[tool]}`);
  return place === null ? [] : armsOf(tool, place);
}
