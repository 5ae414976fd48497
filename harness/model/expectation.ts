import type { Recording } from "./recording.ts";
import type {
  SampleKind,
  CountersSample,
  ListenersSample,
  ProcessesSample,
  SocketsSample,
} from "./sample.ts";
import type { HostName } from "./names.ts";
import type { Text } from "./text.ts";

/** What a doctor on one host sees in a few seconds: never packets, attempts, reports, or the other end. */
export interface View {
  host: HostName;
  sysctls: Record<string, string>;
  samples: (SocketsSample | ListenersSample | CountersSample | ProcessesSample)[];
}

/** `holds` is null when what was recorded cannot tell. `observed` is a sentence with the figures that decided. */
export interface Answer {
  holds: boolean | null;
  observed: string;
  /** The same in Chinese; absent where nobody has written it. */
  zh?: string;
}

/** One thing that must be so. `Evidence` is a Recording (exact, this lab only) or a View (symptom). */
export interface Expectation<Evidence> {
  /** A sentence that is true or false. */
  claim: string;
  /** The same in Chinese; absent where nobody has written it. */
  zh?: string;
  /** Why the kernel makes it so. */
  because: string;
  /** The kinds of samples without which the answer is inconclusive. */
  needs: SampleKind[];
  test: (evidence: Evidence) => Answer;
  /**
   * The kind of looks of which none may show more, when it is such a claim: "none", "at most", "never", "without a break". A look that was
   * not made could have shown it. `host` is whose looks; absent, those at any.
   */
  ofEveryLook?: { kind: "sockets" | "listeners" | "processes"; host?: HostName };
  /** Where it can be refuted for want of sockets: which came nearest, and what keeps them out; null where `observed` says it. */
  nearest?: (evidence: Evidence) => Text | null;
}

export type ExactExpectation = Expectation<Recording>;
export type SymptomExpectation = Expectation<View>;
