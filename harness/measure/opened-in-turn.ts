import type { SocketExample } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { matchingGroups, type Sockets } from "./sockets.ts";

/** Connections of one process to one address, in one look. */
export interface OpenedInTurn {
  pid: number;
  remote: string;
  /** How many there are, reckoned from the recorded ones where not all are recorded. */
  count: number;
  /** The least and the most time since one of them last sent something, or was opened where it has never sent. */
  fromMs: number;
  toMs: number;
  atUs: number;
}

/** After such a time what a connection sends is another exchange, and not the rest of the first one. */
const EXCHANGE_MS = 200;
/** Fewer recorded connections say nothing about when the others were last used. */
const LEAST_RECORDED = 3;
/** The same connections are there after this time. */
const LASTING_US = 1_000_000;

/**
 * The most connections of one process to one address in one look that `areMeant`, and that were last used one after another, at least
 * `spacingMs` apart on average. A pool that opens connections because it needs several at once opens them together. `areMeant` is asked of
 * all recorded connections of the process to the address; it returns null where it is not known. A process that uses one of them again, from
 * one look to another, or hears something on it, has none. The result is null where there are none, and `unknown` where there could be some.
 */
export function mostOpenedInTurn(
  evidence: Evidence,
  which: Sockets,
  areMeant: (infos: TcpInfoExcerpt[]) => boolean | null,
  spacingMs: number,
): OpenedInTurn | "unknown" | null {
  let most: OpenedInTurn | null = null;
  let isUnknown = false;
  const looks = samplesOf(evidence, "sockets", which.host).map((look) => ({
    atUs: look.atUs,
    found: byProcessAndAddress(matchingGroups(look, which, "known")),
  }));
  const reused = usedAgain(looks.flatMap(({ found }) => found));
  for (const { atUs, found } of looks) {
    for (const { key, rows, share } of found) {
      if (rows.length < LEAST_RECORDED || reused.has(nameOf(key))) continue;
      const infos = rows.flatMap(({ tcpInfo }) => tcpInfo ?? []);
      const meant = infos.length < rows.length ? null : areMeant(infos);
      if (meant === null) isUnknown = true;
      if (meant !== true) continue;
      const ages = infos.map(({ lastDataSentMs }) => lastDataSentMs);
      const [fromMs, toMs] = [Math.min(...ages), Math.max(...ages)];
      const count = Math.round(share);
      if ((toMs - fromMs) / (count - 1) < spacingMs || count <= (most?.count ?? 0)) continue;
      most = { ...key, count, fromMs, toMs, atUs };
    }
  }
  return most ?? (isUnknown ? "unknown" : null);
}

interface OfProcess {
  key: { pid: number; remote: string };
  rows: SocketExample[];
  /** How many of all sockets they stand for. */
  share: number;
}

function byProcessAndAddress(groups: ReturnType<typeof matchingGroups>): OfProcess[] {
  const found = new Map<string, OfProcess>();
  for (const { examples, count } of groups) {
    for (const row of examples) {
      const key = { pid: row.pids[0] ?? 0, remote: row.remote };
      const name = nameOf(key);
      const one = found.get(name) ?? { key, rows: [], share: 0 };
      one.rows.push(row);
      one.share += count / examples.length;
      found.set(name, one);
    }
  }
  return [...found.values()];
}

/** The processes and addresses of which a connection that was idle has sent or received something since. */
function usedAgain(found: OfProcess[]): Set<string> {
  const before = new Map<number, TcpInfoExcerpt>();
  const again = new Set<string>();
  for (const { key, rows } of found) {
    for (const { inode, tcpInfo } of rows) {
      if (tcpInfo === undefined) continue;
      const former = before.get(inode);
      if (former !== undefined && isUsedSince(former, tcpInfo)) again.add(nameOf(key));
      before.set(inode, tcpInfo);
    }
  }
  return again;
}

/**
 * What the other end sends of its own accord is use, too: somebody listens for it. The first that it sends can be a late greeting, or an answer.
 */
function isUsedSince(former: TcpInfoExcerpt, now: TcpInfoExcerpt): boolean {
  const [sent, received] = [now.bytesAcked - former.bytesAcked, now.bytesReceived - former.bytesReceived];
  return (
    (sent > 0 && former.lastDataSentMs >= EXCHANGE_MS) ||
    (received > 0 &&
      former.bytesReceived > 0 &&
      Math.min(former.lastDataReceivedMs, former.lastDataSentMs) >= EXCHANGE_MS)
  );
}

function nameOf({ pid, remote }: OfProcess["key"]): string {
  return `${pid} ${remote}`;
}

/**
 * Whether some connections of a process at its connecting end are the same ones in two looks a second apart. Those of a load come and go. A
 * recording keeps only examples of the sockets, so three of them are enough.
 */
export function areLasting(evidence: Evidence, pid: number): boolean {
  const looks = samplesOf(evidence, "sockets").map(({ atUs, groups }) => {
    const rows = groups
      .filter(({ state, side }) => state === "ESTABLISHED" && side === "connector")
      .flatMap(({ examples }) => examples.filter(({ pids }) => pids.includes(pid)));
    return { atUs, inodes: new Set(rows.map(({ inode }) => inode)) };
  });
  return looks.some((late) =>
    looks.some(
      (early) =>
        late.atUs - early.atUs >= LASTING_US &&
        [...late.inodes].filter((inode) => early.inodes.has(inode)).length >= LEAST_RECORDED,
    ),
  );
}
