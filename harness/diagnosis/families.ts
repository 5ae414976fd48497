/** A process, as far as its family follows from it. */
export interface Member {
  pid: number;
  parentPid: number;
  session: number;
  /** The process's own name (comm). */
  name: string;
}

/** Processes that are one program, and the ports on which they listen. */
export interface Family {
  /** The pid of its eldest process: the one that the others descend from, else the lowest. */
  pid: number;
  /** The eldest one's name. */
  name: string;
  pids: number[];
  ports: number[];
}

/** A listening socket: its port, and the processes that hold it. */
export interface Listening {
  port: number;
  pids: readonly number[];
}

/**
 * Sorts processes into families. Processes that hold the same listening socket are one family: the workers of a server. A process without a
 * listener belongs to its nearest ancestor of the same session that listens. Without one it is a family of its own. The session keeps a
 * login shell apart from the server through which somebody has logged in.
 */
export function familiesOf(members: readonly Member[], listening: readonly Listening[]): Family[] {
  const byPid = new Map(members.map((member) => [member.pid, member]));
  const joined = new Joined();
  for (const { pids } of listening) for (const pid of pids) joined.join(pids[0] ?? pid, pid);
  const listeners = new Set(listening.flatMap(({ pids }) => pids));
  for (const member of members) {
    const ancestor = listeners.has(member.pid) ? null : listeningAncestor(member, byPid, listeners);
    joined.join(ancestor ?? member.pid, member.pid);
  }
  const groups = new Map<number, Member[]>();
  for (const member of members) {
    const root = joined.rootOf(member.pid);
    groups.set(root, [...(groups.get(root) ?? []), member]);
  }
  return [...groups.values()].map((group) => familyOf(group, listening));
}

function familyOf(group: Member[], listening: readonly Listening[]): Family {
  const pids = group.map(({ pid }) => pid).toSorted((a, b) => a - b);
  const sorted = group.toSorted((a, b) => a.pid - b.pid);
  const eldest = sorted.find(({ parentPid }) => !pids.includes(parentPid)) ?? sorted[0];
  const ports = listening.filter((one) => one.pids.some((pid) => pids.includes(pid))).map(({ port }) => port);
  return {
    pid: eldest?.pid ?? 0,
    name: eldest?.name ?? "",
    pids,
    ports: [...new Set(ports)].toSorted((a, b) => a - b),
  };
}

function listeningAncestor(
  member: Member,
  byPid: ReadonlyMap<number, Member>,
  listeners: ReadonlySet<number>,
): number | null {
  // The number of processes limits the steps: parents can form a circle, because /proc changes while it is read.
  let at = byPid.get(member.parentPid);
  for (let steps = 0; at !== undefined && steps < byPid.size; steps += 1) {
    if (at.session !== member.session) return null;
    if (listeners.has(at.pid)) return at.pid;
    at = byPid.get(at.parentPid);
  }
  return null;
}

/** Sets of pids that are joined, one pair after another. */
class Joined {
  readonly #parents = new Map<number, number>();

  rootOf(pid: number): number {
    let at = pid;
    for (let up = this.#parents.get(at); up !== undefined; up = this.#parents.get(at)) at = up;
    return at;
  }

  join(one: number, other: number): void {
    const [a, b] = [this.rootOf(one), this.rootOf(other)];
    if (a !== b) this.#parents.set(b, a);
  }
}
