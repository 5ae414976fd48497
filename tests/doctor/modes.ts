import type { Fact, FailureMode } from "../../harness/model/experiment.ts";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";

/** The failure modes that can be found on a running host: those that a doctor prints as findings or remarks. */
export async function liveModes(): Promise<FailureMode[]> {
  const all = (await loadCatalogue()).map(({ experiment }) => experiment);
  return all.filter((one): one is FailureMode => one.kind === "failure-mode" && one.visible?.as !== "no");
}

/** The facts whose tag says that all of it is healthy: what a doctor must never accuse. */
export async function healthyFacts(): Promise<Fact[]> {
  const all = (await loadCatalogue()).map(({ experiment }) => experiment);
  return all.filter((one): one is Fact => one.kind === "fact" && one.tags.includes("healthy"));
}
