// npm run experiment:page: writes lastack's findings on the expectations of docs/experiment.md into that page, from the committed
// recordings.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/lab/paths.ts";
import { claimsInSymptoms } from "./experiment-page/table.ts";
import { examplesOf } from "./experiment-page/example.ts";
import { withFindings } from "./experiment-page/finding.ts";
import { tryExamples } from "./experiment-page/tried.ts";

const path = join(packageRoot, "docs/experiment.md");
const page = readFileSync(path, "utf8");
const examples = examplesOf(page);
const { complaints, unsound, findings } = await tryExamples(examples, claimsInSymptoms(page));
writeFileSync(path, withFindings(page, examples, findings));
console.log(`docs/experiment.md: ${examples.length} examples, ${findings.size} findings`);
for (const wrong of [complaints, ...unsound].filter((one) => one !== "")) {
  console.error(wrong);
  process.exitCode = 1;
}
