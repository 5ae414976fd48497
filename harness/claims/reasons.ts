import type { Text } from "../model/text.ts";
import { CLAIM_VERDICTS, type Rule } from "./claim.ts";
import { EN } from "./text/en.ts";
import { readTable } from "./text/table.ts";
import { ZH } from "./text/zh.ts";

const [en, zh] = [readTable(EN), readTable(ZH)];

/** A text of a claim in both languages; null when it is missing in one of them. */
export function textOf(id: string, key: string): Text | null {
  const both = { en: en.get(id)?.get(key), zh: zh.get(id)?.get(key) };
  return both.en === undefined || both.zh === undefined ? null : { en: both.en, zh: both.zh };
}

/** The reasons of a claim, one for each verdict that it can be expected to get. */
export function reasonsFor(id: string): Rule["because"] {
  return Object.fromEntries(
    CLAIM_VERDICTS.flatMap((verdict) => {
      const text = textOf(id, verdict);
      return text === null ? [] : [[verdict, text]];
    }),
  );
}
