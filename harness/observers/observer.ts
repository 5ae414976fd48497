import type { NetworkNamespace } from "../kernel/namespace.ts";
import type { HostName } from "../model/names.ts";
import type { Moment, Sample } from "../model/sample.ts";

/** The host that an observer samples: its name and its network namespace. */
export interface ObservedHost {
  name: HostName;
  namespace: NetworkNamespace;
}

/**
 * Takes samples of one host. When an observer is made, it opens its files and sockets inside the host's namespace. After that it
 * need not enter the namespace again: a sample takes a few synchronous reads, in any namespace.
 */
export interface Observer<S extends Sample> {
  name: string;
  /** The measured cost of a sample, in a few sentences. */
  costs: string;
  /** What a sample does not show, or shows wrongly, in sentences. */
  cannotSee: string;
  /** Takes a sample now. */
  look: (moment: Moment) => S;
  /** Closes the descriptors. No sample can be taken afterwards. */
  close: () => void;
}
