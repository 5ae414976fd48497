import type { FailureMode } from "../../harness/model/experiment.ts";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import { referenceRecordings } from "../../harness/runs/settled.ts";
import { alertsDocument } from "./document.ts";
import { judgedBy, ruleOf, type Told } from "./rule.ts";

/** The file with the rules. */
export const ALERTS = "docs/alerts.yaml";

/** The failure modes of the catalogue with their rules, judged on the committed recordings. */
export async function readTold(): Promise<Told[]> {
  const experiments = (await loadCatalogue()).map(({ experiment }) => experiment);
  const modes = experiments.filter((one): one is FailureMode => one.kind === "failure-mode");
  const recorded = referenceRecordings();
  const recordings = experiments.flatMap(({ id, variants }) =>
    Object.keys(variants).flatMap((variant) => recorded(`${id}/${variant}`) ?? []),
  );
  const judged = judgedBy(modes, recordings);
  return modes.map((mode) => ruleOf(mode, judged));
}

/** The text of that file. */
export async function builtAlerts(): Promise<string> {
  return alertsDocument(await readTold());
}
