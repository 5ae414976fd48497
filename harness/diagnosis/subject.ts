import type { HostName } from "../model/names.ts";

/**
 * Whose sockets are examined together: a family of processes with all that it holds, and the connections of its ports that nobody holds.
 * `remains` are sockets that no process holds and no family's port or destination explains: of a port without a listener, or to a
 * destination that nobody uses now. A recording has a host for each subject, with its `name`; so a symptom is judged on a subject as it
 * is on a host of the laboratory.
 */
export type Subject = FamilySubject | RemainsSubject;

interface FamilySubject {
  kind: "family";
  name: HostName;
  /** The eldest process and its name (comm). */
  pid: number;
  program: string;
  pids: number[];
  /** The ports on which it listens. */
  ports: number[];
}

interface RemainsSubject {
  kind: "remains";
  name: HostName;
  side: "listener" | "connector";
  /** The service's port: local at the listening end, remote at the other. */
  port: number;
}
