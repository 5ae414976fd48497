import type { Experiment } from "../../harness/model/experiment.ts";
import type { Language } from "../../harness/model/text.ts";

/** The field guide's own words: all that is in no experiment. */
export interface GuideWords {
  introduction: string[];
  rows: string;
  rowsIntroduction: string;
  mayBe: string[];
  errors: SectionWords;
  counters: SectionWords;
  untold: SectionWords & { as: { remark: string; no: string } };
  wrong: SectionWords;
  comma: string;
  colon: string;
  /** What is said behind the title of an experiment that is no finding of the doctor. */
  kindOf: (experiment: Experiment) => string;
}

interface SectionWords {
  heading: string;
  introduction: string;
  columns: string[];
}

const en: GuideWords = {
  introduction: [
    "# Field guide",
    "",
    "[中文](field-guide.zh-CN.md)",
    "",
    "Begin with what you see. Print the rows of ss with timers and processes, as root, and again some seconds later:",
    "",
    "```",
    "$ ss -tanop; ss -ltnp; sleep 5; ss -tanop; ss -ltnp",
    "```",
    "",
    "Find your row below. What stands in one section looks alike at first; the right column has what tells one from the others. `lastack doctor`",
    "makes these decisions on a running host, and says what it has ruled out ([docs/doctor.md](doctor.md)). Each link leads to a page with the buggy",
    "program, its cure, and a command that reproduces it.",
    "",
    "`npm run pages` writes this page from the experiments.",
  ],
  rows: "What ss shows",
  rowsIntroduction:
    'States are named as ss prints them. "At the listening end" means that the local port is the service\'s; at the connecting end the remote one is.',
  mayBe: ["it may be", "what tells it from the others"],
  errors: {
    heading: "The error of a call",
    introduction: "The name that a program prints, or that `strace` shows.",
    columns: ["error", "it may be"],
  },
  counters: {
    heading: "A counter that moves",
    introduction:
      "Run `nstat -n; sleep 10; nstat -z` on the host and in the network namespace in question. A counter belongs to all programs there: it names no process.",
    columns: ["counter", "it may be"],
  },
  untold: {
    heading: "What one host cannot tell",
    introduction:
      "These look like something healthy. The doctor prints a remark, which accuses nobody, or nothing; the last column says why.",
    columns: ["failure mode", "the doctor", "because"],
    as: { remark: "remarks on it", no: "prints nothing" },
  },
  wrong: {
    heading: "Popular advice that does not help",
    introduction:
      "Each is right somewhere else. The third column has the experiment or the claim that shows it.",
    columns: ["advice", "why it does not help", "shown by", "given for"],
  },
  comma: ", ",
  colon: ": ",
  kindOf: (experiment) => {
    if (experiment.kind === "fact") return " (what TCP does)";
    return experiment.visible === undefined ? "" : " (one host cannot tell)";
  },
};

const zh: GuideWords = {
  introduction: [
    "# 现场图鉴",
    "",
    "[English](field-guide.md)",
    "",
    "从看到的东西开始。以 root 打印带定时器和进程的 ss，过几秒再打印一次：",
    "",
    "```",
    "$ ss -tanop; ss -ltnp; sleep 5; ss -tanop; ss -ltnp",
    "```",
    "",
    "在下面找到你的那一行。同一节里的乍看都一样，右边一列说怎样区分。`lastack doctor` 在运行中的主机上做同样的判断，并说出排除了什么",
    "（[docs/doctor.md](doctor.md)，英文）。每个链接是一页（英文）：有错的程序、修法和重现它的命令。",
    "",
    "本页由 `npm run pages` 根据实验生成。",
  ],
  rows: "ss 显示什么",
  rowsIntroduction:
    "状态用 ss 的写法。“监听的一端”指本地端口是服务的端口；“发起连接的一端”指远端端口是服务的端口。",
  mayBe: ["可能是", "怎样与其他的区分"],
  errors: {
    heading: "调用的错误",
    introduction: "程序打印的名字，或 `strace` 显示的名字。",
    columns: ["错误", "可能是"],
  },
  counters: {
    heading: "哪个计数器在动",
    introduction:
      "在那台主机、那个网络命名空间里运行 `nstat -n; sleep 10; nstat -z`。计数器属于那里的所有程序，不指出是哪个进程。",
    columns: ["计数器", "可能是"],
  },
  untold: {
    heading: "一台主机看不出来的",
    introduction:
      "它们与健康的情形看起来一样。doctor 只打印备注，不指责任何程序，或者什么也不打印；最后一列是原因。",
    columns: ["故障", "doctor", "原因"],
    as: { remark: "打印备注", no: "什么也不打印" },
  },
  wrong: {
    heading: "流行而没有用的建议",
    introduction: "每一条换个地方也许是对的。第三列是演示它的实验，或裁定它的说法。",
    columns: ["建议", "为什么没有用", "见", "常用于"],
  },
  comma: "、",
  colon: "：",
  kindOf: (experiment) => {
    if (experiment.kind === "fact") return "（TCP 本来如此）";
    return experiment.visible === undefined ? "" : "（一台主机看不出来）";
  },
};

/** By language. */
export const FIELD_GUIDE_WORDS: Readonly<Record<Language, GuideWords>> = { en, zh };
