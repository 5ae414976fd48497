import { join } from "node:path";
import { interruptible, type OnInterrupt } from "../../harness/runs/interrupt.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { Soak, SoakOptions } from "../soak.ts";
import { type Checkout, checkoutIn } from "../starved/checkout.ts";
import { Ledger } from "../starved/ledger.ts";
import { play } from "../starved/play.ts";
import { type Row, ROWS } from "../starved/row.ts";
import { isMet, standingLines } from "../starved/standing.ts";
import { type Asked, goal, made, nextSide } from "../starved/turn.ts";

const INTERRUPTED = 130;
const WRONG_USAGE = 64;

/** Checks what must hold on a busy machine and on a quiet one. */
export const soak: Soak = {
  name: "starved",
  summary:
    "verdicts beside busy loops and on a quiet machine; rounds of a commit are summed up, and Ctrl+C keeps them",
  rounds: null,
  options: {
    row: {
      takes: "ROW",
      words: `one row of ${ROWS.map(({ name }) => name).join(", ")}; default: every row, until it has its number of rounds`,
    },
    beside: {
      takes: "DIR",
      words: "a built checkout of another commit; quiet rounds of catalogue and claims alternate with it",
    },
    fresh: { words: "first deletes this commit's rounds of the requested rows" },
  },
  async run(rounds, options) {
    const asked = ROWS.filter(({ name }) => options.row === undefined || options.row === name);
    if (asked.length === 0) {
      console.error(
        `There is no row ${String(options.row)}. The rows are: ${ROWS.map(({ name }) => name).join(", ")}.`,
      );
      return WRONG_USAGE;
    }
    const here = checkoutIn(packageRoot);
    const there = besideOf(options);
    const ledger = new Ledger(join(packageRoot, "results", "soak", "starved.json"), here.commit);
    if (options.fresh === true) ledger.forget(asked.map(({ name }) => name));
    const more = rounds === 0 ? null : rounds;
    const isInterrupted = await interruptible(onInterrupt, async (signal) => {
      for (const row of asked) await playRow(row, { here, there, ledger, more, signal });
      return signal.aborted;
    });
    console.log(`\n${here.commit}`);
    for (const row of ROWS) for (const line of standingLines(row, ledger.rounds(row.name))) console.log(line);
    if (isInterrupted) return INTERRUPTED;
    return asked.every((row) => isMet(row, ledger.rounds(row.name))) ? 0 : 1;
  },
};

function besideOf({ beside }: SoakOptions): Checkout | null {
  return typeof beside === "string" ? checkoutIn(beside) : null;
}

/** Nothing has to be stopped here: busy loops and labs end with this process. */
const onInterrupt: OnInterrupt = {
  end: () =>
    console.log(
      "Ending the round. It does not count; the earlier rounds are kept. Press Ctrl+C again to exit at once.",
    ),
  leave: () => process.exit(INTERRUPTED),
};

interface Course {
  here: Checkout;
  there: Checkout | null;
  ledger: Ledger;
  more: number | null;
  signal: AbortSignal;
}

async function playRow(row: Row, { here, there, ledger, more, signal }: Course): Promise<void> {
  const rounds = (): ReturnType<Ledger["rounds"]> => ledger.rounds(row.name);
  const beside = row.alternates ? (there?.commit ?? null) : null;
  const asked: Asked = { more, beside };
  const until = goal(row, rounds(), asked);
  for (;;) {
    const side = nextSide(row, rounds(), asked, until);
    if (side === null || signal.aborted) return;
    const nth = (made(row, rounds(), asked)[side] ?? 0) + 1;
    const name = `${row.name}${beside === null ? "" : ` ${side}`} ${nth}/${until}`;
    console.log(`${name}: ${row.summary}`);
    const played = await play(row, side === "there" && there !== null ? there : here, signal);
    if (played === null) return;
    ledger.add(row.name, { side, beside, ...played.round });
    console.log(`${name}: ${played.words}`);
    for (const line of played.lines) console.log(line);
  }
}
