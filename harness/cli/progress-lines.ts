import type { StateCounts } from "../model/state.ts";
import type { Terminal } from "./terminal.ts";

/** A trial that runs: since when (performance.now()), in which phase, and the sockets of each host by state. */
export interface Running {
  name: string;
  sinceMs: number;
  phase: string;
  seen: Map<string, StateCounts>;
}

/**
 * The live display: how many trials are done, and a line for each that runs. It takes at most `rows` lines: those that have run longest
 * are shown, and the others are counted. No line is longer than `columns`.
 */
export function progressLines(
  { done, total, running, nowMs }: { done: number; total: number; running: Running[]; nowMs: number },
  { columns, rows }: { columns: number; rows: number },
  { dim, bold }: Pick<Terminal["colors"], "dim" | "bold">,
): string[] {
  const room = Math.max(1, rows - 1);
  const shown = running.length <= room ? running : running.slice(0, Math.max(1, room - 1));
  const lines = shown.map(({ name, sinceMs, phase, seen }) => {
    const time = `${((nowMs - sinceMs) / 1000).toFixed(0).padStart(3)} s`;
    const states = [...seen].map(([host, counts]) => `${host}: ${wording(counts)}`).join("  ");
    // Cut before it is coloured: a cut in an escape code would colour what follows.
    const line = `${time} ${name} ${phase}  ${states}`.slice(0, columns);
    const nameAt = time.length;
    const phaseAt = nameAt + 1 + name.length;
    return `${dim(line.slice(0, nameAt))}${bold(line.slice(nameAt, phaseAt))}${line.slice(phaseAt)}`;
  });
  const hidden = running.length - shown.length;
  const more = hidden > 0 && rows > 2 ? [dim(`... and ${hidden} more run`)] : [];
  return [dim(`${done} of ${total} trials done`.slice(0, columns)), ...lines, ...more];
}

function wording(states: StateCounts): string {
  const counts = Object.entries(states).filter(([state]) => state !== "LISTEN");
  return counts.length === 0
    ? "no connection"
    : counts.map(([state, count]) => `${state} ${count}`).join(" ");
}
