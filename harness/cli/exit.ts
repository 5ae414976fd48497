import type { Outcome } from "../model/verdict.ts";

/** The exit codes of every command (64, 69 and 70 as sysexits.h has them; 130 is 128 + SIGINT, 141 128 + SIGPIPE, as shells count). */
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

/** What a second Ctrl+C does. */
export function leave(): never {
  process.exit(EXIT.interrupted);
}
