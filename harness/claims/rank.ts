import type { ClaimResult } from "./claim.ts";

/** The outcomes from worst to best: first those that mislead a reader in practice. */
const ORDER = ["refuted", "obsolete", "everyday", "rare", "holds", "not-testable", "inconclusive"];
/** How many of these outcomes mislead. */
const MISLEADING = 3;

type Outcome = Pick<ClaimResult, "verdict" | "met">;

/** The place of a claim by its outcome, from 0: first those that mislead in practice. */
export function rankOf({ verdict, met = "rare" }: Outcome): number {
  return ORDER.indexOf(verdict === "holds-with-limits" ? met : verdict);
}

/** Whether a claim misleads a reader with default settings and ordinary programs: it fails here, or has an everyday limit. */
export function isMisleading(outcome: Outcome): boolean {
  return rankOf(outcome) < MISLEADING;
}
