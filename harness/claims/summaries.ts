import { SUMMARIES_ZH } from "./text/summaries-zh.ts";
import { readTable } from "./text/table.ts";

const table = readTable(SUMMARIES_ZH);

/** What a variant does differently, in Chinese: `experiment/variant`. null when there is no text. */
export function summaryInChinese(trial: string): string | null {
  const [experiment = "", variant = ""] = trial.split("/");
  return table.get(experiment)?.get(variant) ?? null;
}
