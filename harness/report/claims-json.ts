import type { Area, ClaimVerdict, Met, Settled } from "../claims/claim.ts";
import type { Language } from "../model/text.ts";
import { type ClaimRow, inOrder } from "./claims.ts";

/** What `lastack claims --json` prints. */
export interface ClaimsJson {
  /** The release of the kernel that made the recordings. */
  kernel: string;
  claims: ClaimJson[];
}

interface ClaimJson {
  id: string;
  area: Area;
  documents: number[];
  phrase: string;
  statement: string;
  verdict: ClaimVerdict;
  /** Only if the claim holds with limits: whether one of the limits occurs with default settings and ordinary programs. */
  met?: Met;
  observed: string;
  because: string;
  /** The trial to look at: `experiment/variant`. */
  experiment: string;
  under: CircumstanceJson[];
  beyond: CircumstanceJson[];
}

interface CircumstanceJson {
  where: string;
  trials: string[];
  /** null when the recordings do not decide it. */
  holds: boolean | null;
  observed: string;
}

/** Claims and their verdicts in one language, by area. In each area, the claims that mislead in practice come first. */
export function claimsJson(rows: ClaimRow[], kernel: string, language: Language): ClaimsJson {
  const circumstance = ({ where, in: trials, holds, observed }: Settled): CircumstanceJson => ({
    where: where[language],
    trials,
    holds,
    observed: observed[language],
  });
  const claims = inOrder(rows).map(({ statement, result }) => ({
    ...statement,
    verdict: result.verdict,
    ...(result.met !== undefined && { met: result.met }),
    observed: result.observed[language],
    because: result.because[language],
    experiment: result.experiment,
    under: result.under.map(circumstance),
    beyond: result.beyond.map(circumstance),
  }));
  return { kernel, claims };
}
