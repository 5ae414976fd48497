import type { Text } from "../model/text.ts";
import { readTable } from "./text/table.ts";
import { PARTS_EN } from "./text/parts-en.ts";
import { PARTS_ZH } from "./text/parts-zh.ts";

const [en, zh] = [readTable(PARTS_EN), readTable(PARTS_ZH)];

/** What a part of a trial is, `experiment/variant`: the same for all variants of an experiment. Throws for one that has no text. */
export function partOf(trial: string, part: string): Text {
  const [experiment = ""] = trial.split("/");
  const text = { en: en.get(experiment)?.get(part), zh: zh.get(experiment)?.get(part) };
  if (text.en === undefined || text.zh === undefined)
    throw new Error(`the part ${part} of ${experiment} has no text`);
  return { en: text.en, zh: text.zh };
}
