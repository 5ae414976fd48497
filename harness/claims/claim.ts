import type { Answer } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";

/** The areas of the documents, in the order of the book, each with its title. */
export const AREAS = {
  states: { en: "The states", zh: "状态" },
  "handshake-and-queues": { en: "The handshake, and the two queues", zh: "握手与两个队列" },
  "fast-open": { en: "Fast Open", zh: "TCP Fast Open" },
  closing: { en: "Closing", zh: "关闭" },
  "time-wait": { en: "TIME-WAIT", zh: "TIME-WAIT" },
  "close-wait": { en: "CLOSE-WAIT", zh: "CLOSE-WAIT" },
  reuse: { en: "Using addresses and ports again", zh: "地址与端口的重用" },
  "keep-alive-probes": { en: "Keepalive probes", zh: "保活探测" },
  "limits-and-http": { en: "Limits, and HTTP", zh: "上限与 HTTP" },
} as const satisfies Record<string, Text>;
export type Area = keyof typeof AREAS;

/** Something that the teaching documents say. */
export interface Statement {
  id: string;
  area: Area;
  /** Which of the documents say it, in their order: places in DOCUMENTS. */
  documents: number[];
  /** Their own words. */
  phrase: string;
  /** What these say, as a sentence that is true or false. */
  statement: string;
}

/** What becomes of a claim on the running kernel, from best to worst. */
export const CLAIM_VERDICTS = [
  "holds",
  "holds-with-limits",
  "refuted",
  "obsolete",
  "not-testable",
  "inconclusive",
] as const;
export type ClaimVerdict = (typeof CLAIM_VERDICTS)[number];

/**
 * What is asked of the recordings of one circumstance, in the order in which the circumstance names them. A claim of the verdict's vocabulary is
 * one, of the first of them.
 */
export interface Question {
  /** Kinds of samples that every one of the recordings must have. */
  needs: SampleKind[];
  test: (...recordings: Recording[]) => Answer;
  /** What was measured or read in the first of them, in a few words. */
  brief?: (recording: Recording) => Text;
}

/** Circumstances under which a claim was tried. */
export interface Circumstance {
  /** The trials that show it, each `experiment/variant`; the first is the one that is shown to a reader. */
  in: [string, ...string[]];
  /** Which part of the trial is meant, where it has several: the name of a text. */
  part?: string;
  /** All must hold for the claim to hold here. */
  asks: [Question, ...Question[]];
}

/** Whether a reader with default settings and ordinary programs meets a circumstance, or only one who has set, done or met something special. */
export type Met = "everyday" | "rare";

/** How a claim is settled. Nothing in it says what the outcome is: that is for the recordings. */
export interface Rule {
  id: string;
  /** The claim's own circumstances, or the defaults where it names none. It is refuted when it fails in one of them. */
  under: [Circumstance, ...Circumstance[]];
  /** Circumstances that it does not exclude, those most likely to break it; where it fails in one, it holds with limits. */
  beyond: (Circumstance & { met: Met })[];
  /** What the kernel really does, for each verdict that one can expect; for another, the findings speak for themselves. */
  because: Partial<Record<ClaimVerdict, Text>>;
  /** Where and when it was true. Looked at only when the recordings have refuted it. */
  history?: { text: Text; source: string };
  /** Why it cannot be tried as it stands, and what that would take. Then `under` tries what can be tried instead. */
  untestable?: { reason: Text; instead: Text; isPerMachine: boolean };
}

/** What a table of rules says of a claim; its texts are in text/. */
export interface Settling {
  under: Rule["under"];
  beyond?: Rule["beyond"];
  /** The source of what is written of where and when it was true. */
  history?: string;
  /** Of a claim that cannot be tried as it stands: whether it is for being a setting of the whole machine. */
  isPerMachine?: boolean;
}

/** How some claims are settled, by their ids. */
export type Settlings = Record<string, Settling>;

/** What one circumstance came to. */
export interface Settled {
  where: Text;
  in: string[];
  holds: boolean | null;
  observed: Text;
}

/** What a claim came to on the kernel that made the recordings. */
export interface ClaimResult {
  id: string;
  verdict: ClaimVerdict;
  /** Of a claim that holds with limits: whether one meets a limit every day. */
  met?: Met;
  /** What decided: of a claim that holds, all that was tried. */
  observed: Text;
  because: Text;
  /** The trial to look at, `experiment/variant`. */
  experiment: string;
  under: Settled[];
  beyond: Settled[];
}
