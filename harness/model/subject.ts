import type { HostName } from "./names.ts";

/**
 * Whose sockets are examined together. A recording has a host for each subject, with its `name`; so a symptom is judged on a subject as it
 * is on a host of the laboratory.
 */
export type Subject = FamilySubject | RemainsSubject | NamespaceSubject;

/** A family of processes with all that it holds, and the connections of its ports that nobody holds. */
export interface FamilySubject {
  kind: "family";
  name: HostName;
  /** The eldest process and its name (comm). */
  pid: number;
  program: string;
  /** Its command line, shortened; empty when it could not be read. */
  command: string;
  pids: number[];
  /** The ports on which it listens. */
  ports: number[];
}

/**
 * Sockets that no visible process holds and no family's port or destination explains: of a port without a visible listener, or to a
 * destination that no visible process uses now.
 */
export interface RemainsSubject {
  kind: "remains";
  name: HostName;
  side: "listener" | "connector";
  /** The service's port: local at the listening end, remote at the other. */
  port: number;
  /** Whether some process holds some of them, but is not visible. */
  isHeld: boolean;
}

/** The whole network namespace. The kernel's counters are its own, and belong to no process. */
export interface NamespaceSubject {
  kind: "namespace";
  name: HostName;
}
