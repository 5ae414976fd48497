import type { PopularAdvice } from "./popular-advice.ts";
import type { Sight } from "./sight.ts";
import type { Text } from "./text.ts";

/** How a failure mode, or a fact that looks like one, is recognised. The field guide and the doctor's alternatives are made of these. */
export interface Signs {
  /** The experiment's title in Chinese. */
  zh: string;
  /** What one sees first, the most usual row first. Experiments that share a row look alike. */
  seen: readonly Sight[];
  /** The observable that tells this one from those that look alike. A part of a sentence, without its subject. */
  mark: Text;
}

/** What a finding says about a failure mode besides its symptom. */
export interface Advice {
  /** What could look the same in spite of the symptom, and what would tell. Absent: nothing is known that could. */
  doubt?: string;
  /** Cures that concern a setting, or that have no variant. A fixed variant that none of them names is a cure of the program. */
  cures?: readonly Cure[];
  /** The popular advice that does not help here. The first ones are printed. */
  wrong?: readonly PopularAdvice[];
  /**
   * What stands because no thread of the accused program takes it: connections in an accept queue, or bytes in a receive queue. Where it is
   * given, what the threads do instead is evidence.
   */
  untaken?: "connections" | "bytes";
}

export interface Cure {
  /** Who applies it: the program's source, its configuration or its operator, or a setting of the kernel. */
  layer: "program" | "configuration" | "kernel";
  /** What to do. Absent: the summary of the variant `tried`. */
  what?: string;
  /** The fixed variant that tries it in the laboratory. */
  tried?: `fixed${string}`;
  /** The setting that it changes. It only helps where that setting limits. */
  knob?: Knob;
}

/**
 * A setting whose value is read where the failure is. `somaxconn` and `backlog` are the two limits of an accept queue, of which one binds.
 * `max-syn-backlog` is another limit of the queue of unfinished handshakes. `descriptors` is the limit of the process nearest to it. A sysctl
 * that has the value `unless` already is no cure.
 */
export type Knob =
  | "somaxconn"
  | "backlog"
  | "max-syn-backlog"
  | "descriptors"
  | { sysctl: string; unless?: string };
