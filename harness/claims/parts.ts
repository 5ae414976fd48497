import type { Text } from "../model/text.ts";
import { PARTS_EN } from "./text/parts-en.ts";
import { PARTS_ZH } from "./text/parts-zh.ts";
import { readTable } from "./text/table.ts";

const [en, zh] = [readTable(PARTS_EN), readTable(PARTS_ZH)];

/** What all variants of a trial's experiment have in common and their summaries do not say. null when there is nothing to add. */
export function sceneOf(trial: string): Text | null {
  return textOf(trial, "scene");
}

/** The description of a part of a trial, `experiment/variant`: the same for all variants of an experiment. Throws for a part without a text. */
export function partOf(trial: string, part: string): Text {
  const text = textOf(trial, part);
  if (text === null) throw new Error(`the part ${part} of ${trial} has no text`);
  return text;
}

function textOf(trial: string, part: string): Text | null {
  const [experiment = ""] = trial.split("/");
  const both = { en: en.get(experiment)?.get(part), zh: zh.get(experiment)?.get(part) };
  return both.en === undefined || both.zh === undefined ? null : { en: both.en, zh: both.zh };
}
