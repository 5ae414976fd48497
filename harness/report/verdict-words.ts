import { summaryInChinese } from "../claims/summaries.ts";
import type { Finding, Outcome } from "../model/verdict.ts";
import { countOf } from "../model/count.ts";
import type { Language } from "../model/text.ts";

/** The words of a report on verdicts, without the findings themselves. */
export interface VerdictWords {
  outcome: Record<Outcome, string>;
  because: (reason: string) => string;
  recordedIn: (path: string) => string;
  /** How many of a trial's claims hold, and how many of a variant's trials were confirmed. */
  claims: (some: number, all: number) => string;
  times: (some: number, all: number) => string;
  /** How often a trial was run again because the machine had no time for it. */
  again: (times: number) => string;
  columns: [experiment: string, variant: string, verdict: string, tally: string, time: string];
  variants: (count: number) => string;
  nothing: string;
  repetitions: (count: number) => string;
}

export const VERDICT_WORDS: Record<Language, VerdictWords> = {
  en: {
    outcome: { confirmed: "confirmed", inconclusive: "inconclusive", refuted: "refuted" },
    because: (reason) => `because ${reason}`,
    recordedIn: (path) => `recorded in ${path}`,
    claims: (some, all) => `${some} of ${countOf(all, "claim")}`,
    times: (some, all) => `${some} of ${countOf(all, "time")}`,
    again: (times) => `, run again${times > 1 ? ` ${times} times` : ""}`,
    columns: ["experiment", "variant", "verdict", "", "time"],
    variants: (count) => `${countOf(count, "variant")}: `,
    nothing: "nothing was run, so nothing was confirmed",
    repetitions: (count) => `(the figures are those of the first of ${count} repetitions)`,
  },
  zh: {
    outcome: { confirmed: "证实", inconclusive: "无法下结论", refuted: "推翻" },
    because: (reason) => `原因：${reason}`,
    recordedIn: (path) => `记录在 ${path}`,
    claims: (some, all) => `${all} 条中成立 ${some} 条`,
    times: (some, all) => `${all} 次中证实 ${some} 次`,
    again: (times) => `，重跑 ${times} 次`,
    columns: ["实验", "变体", "裁定", "", "用时"],
    variants: (count) => `${count} 个变体：`,
    nothing: "什么也没有运行，所以什么也没有证实",
    repetitions: (count) => `（数字取自 ${count} 次重复中的第一次）`,
  },
};

/** A finding in one language; in English if there is no Chinese text. */
export function findingIn(language: Language, { zh, ...finding }: Finding): Finding {
  return language === "zh" && zh !== undefined ? { ...finding, ...zh } : finding;
}

/** A variant's summary in one language; in English if there is no Chinese text. */
export function summaryIn(language: Language, trial: string, summary: string): string {
  return language === "zh" ? (summaryInChinese(trial) ?? summary) : summary;
}
