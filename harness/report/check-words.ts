import type { Grade } from "../model/probe.ts";
import type { Language } from "../model/text.ts";
import { countOf } from "../model/count.ts";

/** The words of a report on a check, without those of the probes themselves. */
export interface CheckWords {
  grade: Record<Grade, string>;
  columns: [probe: string, grade: string, title: string];
  expected: string;
  observed: string;
  because: (reason: string) => string;
  explained: (mode: string) => string;
  recordedIn: (path: string) => string;
  again: string;
  whatItDoes: string;
  notMade: string;
  probes: (count: number, decided: number) => string;
  none: string;
  notRun: (count: number) => string;
  fixed: string;
  failed: string;
  undecided: string;
  stillFail: (count: number, all: number) => string;
}

export const CHECK_WORDS: Record<Language, CheckWords> = {
  en: {
    grade: {
      pass: "pass",
      informational: "informational",
      skip: "skip",
      warn: "warn",
      inconclusive: "inconclusive",
      fail: "fail",
    },
    columns: ["probe", "grade", "what the client does"],
    expected: "expected",
    observed: "observed",
    because: (reason) => `because ${reason}`,
    explained: (mode) => `explained by: lastack run ${mode}`,
    recordedIn: (path) => `recorded in ${path}`,
    again: "to run it again:",
    whatItDoes: "What the server does, where more than one answer is right",
    notMade: "Skipped",
    probes: (count, decided) => `${decided} of ${countOf(count, "probe")} decided: `,
    none: "no probe was decided",
    notRun: (count) => `${countOf(count, "probe was", "probes were")} not run`,
    fixed: "FIXED",
    failed: "FAILED",
    undecided: "UNDECIDED",
    stillFail: (count, all) => `${all - count} of ${countOf(all, "probe")} fixed`,
  },
  zh: {
    grade: {
      pass: "通过",
      informational: "说明",
      skip: "跳过",
      warn: "警告",
      inconclusive: "无法下结论",
      fail: "未通过",
    },
    columns: ["探测", "评级", "客户端做什么"],
    expected: "期望",
    observed: "观察",
    because: (reason) => `原因：${reason}`,
    explained: (mode) => `实验说明：lastack run ${mode}`,
    recordedIn: (path) => `记录在 ${path}`,
    again: "再跑一次：",
    whatItDoes: "不止一种做法正确时，服务器怎么做",
    notMade: "跳过的",
    probes: (count, decided) => `${count} 个探测中有 ${decided} 个得出结论：`,
    none: "没有探测得出结论",
    notRun: (count) => `${count} 个探测没有运行`,
    fixed: "已修复",
    failed: "仍未通过",
    undecided: "无法下结论",
    stillFail: (count, all) => `${all} 个探测中修复了 ${all - count} 个`,
  },
};
