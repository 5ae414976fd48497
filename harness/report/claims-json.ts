import type { Area, ClaimVerdict, Settled } from "../claims/claim.ts";
import type { Text } from "../model/text.ts";
import type { ClaimRow } from "./claims.ts";

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
  observed: string;
  because: string;
  /** The trial to look at: `experiment/variant`. */
  experiment: string;
  under: ConditionJson[];
  beyond: ConditionJson[];
}

interface ConditionJson {
  where: string;
  trials: string[];
  /** null when what was recorded could not tell. */
  holds: boolean | null;
  observed: string;
}

/** Claims and what became of them, in one language. */
export function claimsJson(rows: ClaimRow[], kernel: string, language: keyof Text): ClaimsJson {
  const condition = ({ where, in: trials, holds, observed }: Settled): ConditionJson => ({
    where: where[language],
    trials,
    holds,
    observed: observed[language],
  });
  const claims = rows.map(({ statement, result }) => ({
    ...statement,
    verdict: result.verdict,
    observed: result.observed[language],
    because: result.because[language],
    experiment: result.experiment,
    under: result.under.map(condition),
    beyond: result.beyond.map(condition),
  }));
  return { kernel, claims };
}
