import type { Subject } from "./subject.ts";

/** Which subjects were asked about; all of the namespace when neither is set. */
export interface Asked {
  port: number | null;
  pid: number | null;
}

/** How some looks at a network namespace went, besides what they showed of each subject. */
export interface Looked {
  seconds: number;
  looks: number;
  longestLookMs: number;
  /** How many sockets of the last look some process holds that is not visible: another user's, or in another pid namespace. */
  unseenSockets: number;
  /** The processes whose descriptors could not be read in the last look: name and pid. */
  unread: { pid: number; name: string }[];
  /**
   * Why the looks may have missed something, as a clause: the machine gave no processor to them, or the recording is not whole. What was
   * not seen is then not ruled out. null when they came as planned.
   */
  lack: string | null;
}

/** What the header of a doctor's recording has besides those of trials. The hosts of its setup are the subjects. */
export interface Examined extends Looked {
  asked: Asked;
  subjects: ExaminedSubject[];
  /** Whether addresses and names are replaced by others, alike for alike. */
  isRedacted: boolean;
}

/** A subject, as the last look showed it. Its samples have its name as their host. */
export interface ExaminedSubject {
  subject: Subject;
  /** Every process that belonged to it in some look. */
  pids: number[];
}
