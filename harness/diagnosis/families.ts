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
 * Sorts processes into families. Processes that hold the same listening socket are one family: the workers of a server. So are the workers
 * that have a listening socket each, of the same port, and their master. A process without a listener belongs to its nearest ancestor of the same session that listens. Without one it is a family of its own. The session keeps a
 * login shell apart from the server through which somebody has logged in.
 */
export function familiesOf(members: readonly Member[], listening: readonly Listening[]): Family[] {
  const byPid = new Map(members.map((member) => [member.pid, member]));
  const joined = new Joined();
  for (const { pids } of listening) for (const pid of pids) joined.join(pids[0] ?? pid, pid);
  for (const [master, worker] of mastersOf(listening, byPid)) joined.join(master, worker);
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

/**
 * The master of each worker whose master is the same program and has another worker with a listening socket of the same port, as servers with
 * SO_REUSEPORT have.
 */
function mastersOf(
  listening: readonly Listening[],
  byPid: ReadonlyMap<number, Member>,
): [master: number, worker: number][] {
  const workers = new Map<string, { sockets: number; pairs: [number, number][] }>();
  for (const { port, pids } of listening) {
    const masters = new Map<number, number>();
    for (const pid of pids) {
      const member = byPid.get(pid);
      const master = byPid.get(member?.parentPid ?? 0);
      if (member !== undefined && master?.name === member.name) masters.set(master.pid, pid);
    }
    for (const [master, worker] of masters) {
      const key = `${port} ${master}`;
      const known = workers.get(key) ?? { sockets: 0, pairs: [] };
      workers.set(key, { sockets: known.sockets + 1, pairs: [...known.pairs, [master, worker]] });
    }
  }
  return [...workers.values()].filter(({ sockets }) => sockets > 1).flatMap(({ pairs }) => pairs);
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
