import type { Diagnosis } from "../diagnosis/diagnose.ts";
import type { Outcome } from "../model/verdict.ts";

/** The exit codes of every command. 64, 69 and 70 are from sysexits.h. 130 is 128 + SIGINT and 141 is 128 + SIGPIPE, as in shells. */
export const EXIT = {
  clean: 0,
  finding: 1,
  inconclusive: 2,
  usage: 64,
  unavailable: 69,
  ownFault: 70,
  interrupted: 130,
  readerGone: 141,
} as const;

/** The exit code of a verdict. */
export function exitOf(outcome: Outcome): number {
  return { confirmed: EXIT.clean, refuted: EXIT.finding, inconclusive: EXIT.inconclusive }[outcome];
}

/** The exit code of a diagnosis: only what was examined and judged is clean. */
export function exitOfDiagnosis({ found, undecided, examined }: Diagnosis): number {
  if (found.length > 0) return EXIT.finding;
  return undecided.length > 0 || examined.length === 0 ? EXIT.inconclusive : EXIT.clean;
}

let isLeaving = false;
/** The process's own: while a user's code is loaded or judged, process.exit() throws (runs/exit-guard.ts). */
const exit: (code: number) => never = process.exit.bind(process);

/** Exits at once. Only this function ends the process of a command, apart from the programs that `serve` and `part` run in it. */
export function leave(code: number): never {
  isLeaving = true;
  exit(code);
}

/** Whether lastack itself has ended this process. */
export function hasLeft(): boolean {
  return isLeaving;
}

/** Waits until the process has nothing left to do: until what a command has started in it is over. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    process.once("beforeExit", () => resolve());
  });
}
