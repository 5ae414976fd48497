import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBusyLoops } from "./busy-loops.ts";
import type { Checkout } from "./checkout.ts";
import { againWords, countsWords, type Round } from "./round.ts";
import type { Row } from "./row.ts";
import { startWatch, type Took } from "./stopwatch.ts";
import { type Done, WORK } from "./work.ts";

/** A round, and the lines to print about it. */
interface Played {
  round: Omit<Round, "side" | "beside">;
  words: string;
  lines: string[];
}

/**
 * Runs one round of a row in a checkout, beside the row's busy loops. Keeps recordings if the round has something to explain. Returns null
 * if it was interrupted, because half a round does not count.
 */
export async function play(row: Row, checkout: Checkout, signal: AbortSignal): Promise<Played | null> {
  const folder = mkdtempSync(join(tmpdir(), `lastack-${row.name}-`));
  const took = startWatch();
  const loops = await startBusyLoops(row.loops);
  let done: Done & Pick<Round, "unsound">;
  try {
    done = { unsound: null, ...(await WORK[row.work]({ checkout, folder, signal })) };
  } catch (error) {
    done = failed(error, took());
  } finally {
    await loops.stop();
  }
  const isKept = done.lines.length > 0 && !signal.aborted;
  if (!isKept) rmSync(folder, { recursive: true, force: true });
  if (signal.aborted) return null;
  const { lines, ...came } = done;
  // Beside busy loops, the machine's processor time is mostly theirs, so it says nothing about lastack.
  const cpuSeconds = row.loops === 0 ? came.cpuSeconds : null;
  const cpu = cpuSeconds === null ? "" : `, ${cpuSeconds.toFixed(1)} s of processor time`;
  return {
    round: { ...came, cpuSeconds },
    words: [countsWords(came.counts), againWords(came.again), `${came.seconds.toFixed(1)} s${cpu}`]
      .filter((part) => part !== "")
      .join("; "),
    lines: isKept ? [...lines, `  kept in ${folder}`] : lines,
  };
}

function failed(error: unknown, took: Took): Done & Pick<Round, "unsound"> {
  const unsound = error instanceof Error ? error.message : String(error);
  const nothing = { counts: {}, trials: 0, again: 0, repetitions: 0 };
  return { unsound, ...nothing, ...took, lines: [`  unsound: ${unsound}`] };
}
