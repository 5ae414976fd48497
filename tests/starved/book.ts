import { z } from "zod";
import { countsOf } from "./round.ts";

/** The outcomes of a claim, compared with the book's verdict, if it is not inconclusive. */
export const AS_THE_BOOK = "as in the book";
export const OTHERWISE = "other than in the book";

const documentSchema = z.object({
  claims: z.array(z.object({ id: z.string(), verdict: z.string(), observed: z.string() })),
});

type Claim = z.infer<typeof documentSchema>["claims"][number];

/** The claims in the output of `lastack claims --json`. Throws when it printed something else, or no claim. */
export function claimsOf(json: string): Claim[] {
  const { claims } = documentSchema.parse(JSON.parse(json));
  if (claims.length === 0) throw new Error("there is no claim in it");
  return claims;
}

/**
 * Compares claims with the book, which has the verdicts on the reference recordings. Counts the outcomes, and has a line for each claim
 * that differs. A claim that is missing in the results or in the book differs too.
 */
export function heldAgainst(
  book: Claim[],
  claims: Claim[],
): { counts: Record<string, number>; lines: string[] } {
  const verdicts = new Map(claims.map((claim) => [claim.id, claim]));
  const written = new Map(book.map(({ id, verdict }) => [id, verdict]));
  const ids = [...new Set([...written.keys(), ...verdicts.keys()])];
  const all = ids.map((id) => {
    const { verdict = "missing", observed = "" } = verdicts.get(id) ?? {};
    const inBook = written.get(id) ?? "missing";
    const other = verdict === "inconclusive" ? "inconclusive" : OTHERWISE;
    return { id, verdict, observed, inBook, came: verdict === inBook ? AS_THE_BOOK : other };
  });
  const unlike = all.filter(({ came }) => came !== AS_THE_BOOK);
  return {
    counts: countsOf(all.map(({ came }) => came)),
    lines: unlike.map(
      ({ id, verdict, inBook, observed }) => `  ${id} is ${verdict}, in the book ${inBook}: ${observed}`,
    ),
  };
}
