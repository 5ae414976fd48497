import { CONTRADICTIONS } from "../claims/contradictions.ts";
import { DOCUMENTS, STATEMENTS } from "../claims/statements.ts";
import { claimsPage } from "../report/claims-page.ts";
import { loadCatalogue } from "./catalogue.ts";
import { describedIn } from "./described.ts";
import { referenceSettled } from "./settled.ts";

/** The text of docs/claims.md: the claims as the recordings that come with lastack settle them. */
export async function bookOfClaims(): Promise<string> {
  const ids = STATEMENTS.map(({ id }) => id);
  const { kernel, results } = referenceSettled(ids, describedIn(await loadCatalogue()));
  const rows = STATEMENTS.flatMap((statement) =>
    results.filter(({ id }) => id === statement.id).map((result) => ({ statement, result })),
  );
  return claimsPage({ kernel, documents: DOCUMENTS, rows, contradictions: CONTRADICTIONS });
}
