// npm run claims:page: writes docs/claims.md from the last `lastack claims --run`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CONTRADICTIONS } from "../harness/claims/contradictions.ts";
import { DOCUMENTS, STATEMENTS } from "../harness/claims/statements.ts";
import { lastSettled } from "../harness/runs/settled.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { claimsPage } from "../harness/report/claims-page.ts";

const ids = STATEMENTS.map(({ id }) => id);
const settled = lastSettled(join(packageRoot, "results/runs"), ids);
if (settled === null) {
  console.error("there is no run that settled every claim: lastack claims --run makes one");
  process.exitCode = 2;
} else {
  const rows = STATEMENTS.flatMap((statement) =>
    settled.results.filter(({ id }) => id === statement.id).map((result) => ({ statement, result })),
  );
  const page = claimsPage({
    kernel: settled.kernel,
    documents: DOCUMENTS,
    rows,
    contradictions: CONTRADICTIONS,
  });
  writeFileSync(join(packageRoot, "docs/claims.md"), page);
  console.log(`docs/claims.md: ${rows.length} claims, on Linux ${settled.kernel}`);
}
