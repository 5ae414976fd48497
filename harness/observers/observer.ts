import type { NetworkNamespace } from "../kernel/namespace.ts";
import type { HostName } from "../model/names.ts";
import type { Moment, Sample } from "../model/sample.ts";

/** Whom an observer looks at: a host by its name and its network namespace. */
export interface ObservedHost {
  name: HostName;
  namespace: NetworkNamespace;
}

/**
 * Something that looks at one host and says what is there. It opens what it needs when it is made, inside the host's
 * namespace, and needs to enter it no more: a look is a few synchronous reads, wherever the thread is.
 */
export interface Observer<S extends Sample> {
  name: string;
  /** What a look costs, measured, in a sentence or two. */
  costs: string;
  /** What it does not show, or shows wrongly, in sentences. */
  cannotSee: string;
  /** What is there now, as a sample of this moment. */
  look: (moment: Moment) => S;
  /** Gives back the descriptors. No look after it. */
  close: () => void;
}
