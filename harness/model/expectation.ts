import type { Recording } from "./recording.ts";
import type {
  SampleKind,
  CountersSample,
  ListenersSample,
  ProcessesSample,
  SocketsSample,
} from "./sample.ts";
import type { MeteredCondition } from "./metered.ts";
import type { HostName } from "./names.ts";
import type { Text } from "./text.ts";

/** What an administrator can observe on one host within seconds. It has no packets, attempts or reports, and nothing of the other end. */
export interface View {
  host: HostName;
  sysctls: Record<string, string>;
  /** Ports that are known to be services', although no look showed a listener: the one that a user of the doctor asks about. */
  servicePorts?: number[];
  samples: (SocketsSample | ListenersSample | CountersSample | ProcessesSample)[];
}

/** `holds` is null when the recording cannot decide it. `observed` is a sentence with the figures that decided it. */
export interface Answer {
  holds: boolean | null;
  observed: string;
  /** `observed` in Chinese; absent where there is no translation. */
  zh?: string;
  /** What was not read, and would decide it: kinds of samples, and columns of a dump. Absent where nothing was missing. */
  lacks?: readonly string[];
}

/**
 * What a function of the vocabulary was given, as it was written in the experiment: selectors by their kind (`sockets`, `attempts`), bounds,
 * phases. An experiment file need not be TypeScript, so nothing here is known to be of its type until harness/runs/check has read it.
 */
export type Given = Readonly<Record<string, unknown>>;

/** One thing that must be true. `Evidence` is a Recording (exact, only in this lab) or a View (symptom). */
export interface Expectation<Evidence> {
  /** A sentence that is true or false. */
  claim: string;
  /** `claim` in Chinese; absent where there is no translation. */
  zh?: string;
  /** Why the kernel makes it so. */
  because: string;
  /** The kinds of samples without which the answer is inconclusive. */
  needs: SampleKind[];
  test: (evidence: Evidence) => Answer;
  /**
   * Set for a claim that every look must satisfy: "none", "at most", "never", "without a break". A look that was not made could have
   * refuted it. `kind` and `host` say which looks; without `host`, those at all hosts. `within` is the time that decides it; without
   * it, the whole trial.
   */
  ofEveryLook?: {
    kind: "sockets" | "listeners" | "processes";
    host?: HostName;
    within?: (evidence: Evidence) => { fromUs: number; toUs: number } | null;
  };
  /**
   * Set for a claim that a lack of processor time cannot refute: what refutes it on a busy machine is as true on an idle one. Or whether that is
   * so of this evidence, where so much time was lacked.
   */
  atAnyPace?: true | ((evidence: Evidence, waitedUs: number) => boolean);
  /**
   * For a claim that is refuted. When too few sockets match: which sockets came nearest, and why they do not match. When clients were
   * refused: where they connect to, and where something listens. null where `observed` already says this.
   */
  nearest?: (evidence: Evidence) => Text | null;
  /** What it was made from. Absent for a claim that the experiment itself has written. */
  given?: Given;
  /**
   * The condition on figures that a monitoring system keeps that it is, with its test. Where `test` is not that of the claim, the claim was
   * made from it and asks for more. Absent where it needs single sockets or processes.
   */
  metered?: { condition: MeteredCondition; test: (evidence: Evidence) => Answer };
}

export type ExactExpectation = Expectation<Recording>;
export type SymptomExpectation = Expectation<View>;
