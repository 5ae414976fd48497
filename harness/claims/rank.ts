import type { ClaimResult } from "./claim.ts";

/** What misleads a reader in practice, and then what does not, from worst to best. */
const ORDER = ["refuted", "obsolete", "everyday", "rare", "holds", "not-testable", "inconclusive"];
/** How many of them mislead. */
const MISLEADING = 3;

type Told = Pick<ClaimResult, "verdict" | "met">;

/** The place of a claim by what became of it: from 0, those first that mislead in practice. */
export function rankOf({ verdict, met = "rare" }: Told): number {
  return ORDER.indexOf(verdict === "holds-with-limits" ? met : verdict);
}

/** Whether a claim misleads a reader with default settings and ordinary programs: it fails here, or has a limit that one meets every day. */
export function isMisleading(told: Told): boolean {
  return rankOf(told) < MISLEADING;
}
