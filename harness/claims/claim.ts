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
  /** The documents that say it, in order: places in DOCUMENTS. */
  documents: number[];
  /** The documents' own words. */
  phrase: string;
  /** The same as a sentence that is true or false. */
  statement: string;
}

/** The possible verdicts on a claim, from best to worst. */
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
 * A question to the recordings of one circumstance, in the order in which the circumstance names them. A claim of the verdict's
 * vocabulary is a question to the first of them.
 */
export interface Question {
  /** The kinds of samples that each of the recordings must have. */
  needs: SampleKind[];
  test: (...recordings: Recording[]) => Answer;
  /** What was measured or read in the first recording, in a few words. */
  brief?: (recording: Recording) => Text;
}

/** Circumstances under which a claim was tried. */
export interface Circumstance {
  /** The trials that show it, each `experiment/variant`. A reader is shown the first. */
  in: [string, ...string[]];
  /** Which part of the trial is meant, when it has several: the name of a text. */
  part?: string;
  /** All must hold for the claim to hold here. */
  asks: [Question, ...Question[]];
}

/** Whether a reader with default settings and ordinary programs meets a circumstance, or only a reader in a special situation. */
export type Met = "everyday" | "rare";

/** How a claim is settled. A rule does not contain the outcome: the recordings decide it. */
export interface Rule {
  id: string;
  /** The claim's own circumstances, or the defaults where it names none. It is refuted when it fails in one of them. */
  under: [Circumstance, ...Circumstance[]];
  /** Circumstances that the claim does not exclude and that are most likely to break it. If it fails in one, it holds with limits. */
  beyond: (Circumstance & { met: Met })[];
  /** What the kernel really does, for each expected verdict. For an unexpected verdict only the findings are printed. */
  because: Partial<Record<ClaimVerdict, Text>>;
  /** Where and when it was true. Used only when the recordings have refuted it. */
  history?: { text: Text; source: string };
  /** Why the claim cannot be tried as it is. `under` then tries what can be tried instead. */
  untestable?: { reason: Text; instead: Text; isPerMachine: boolean };
}

/** An entry for one claim in a table of rules; the texts are in text/. */
export interface Settling {
  under: Rule["under"];
  beyond?: Rule["beyond"];
  /** The source of the text that says where and when it was true. */
  history?: string;
  /** For a claim that cannot be tried as it is: whether the reason is that a setting applies to the whole machine. */
  isPerMachine?: boolean;
}

/** How some claims are settled, by their ids. */
export type Settlings = Record<string, Settling>;

/** The result of one circumstance. */
export interface Settled {
  where: Text;
  in: string[];
  holds: boolean | null;
  observed: Text;
}

/** The result of a claim on the kernel that made the recordings. */
export interface ClaimResult {
  id: string;
  verdict: ClaimVerdict;
  /** For a claim that holds with limits: whether a reader meets a limit every day. */
  met?: Met;
  /** The observations that decided. For a claim that holds, those of everything that was tried. */
  observed: Text;
  because: Text;
  /** The trial to see first, `experiment/variant`. */
  experiment: string;
  under: Settled[];
  beyond: Settled[];
}
