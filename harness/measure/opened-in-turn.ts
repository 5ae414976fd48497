import type { SocketExample, TcpInfoExcerpt } from "../model/sample.ts";
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

/** Fewer recorded connections say nothing about when the others were last used. */
const LEAST_RECORDED = 3;

/**
 * The most connections of one process to one address in one look that `areMeant`, and that were last used one after another, at least
 * `spacingMs` apart on average. A pool that opens connections because it needs several at once opens them together. `areMeant` is asked of
 * all recorded connections of the process to the address; it returns null where it is not known. The result is null where there are none, and
 * `unknown` where there could be some.
 */
export function mostOpenedInTurn(
  evidence: Evidence,
  which: Sockets,
  areMeant: (infos: TcpInfoExcerpt[]) => boolean | null,
  spacingMs: number,
): OpenedInTurn | "unknown" | null {
  let most: OpenedInTurn | null = null;
  let isUnknown = false;
  for (const look of samplesOf(evidence, "sockets", which.host)) {
    for (const { key, rows, share } of byProcessAndAddress(matchingGroups(look, which, "out"))) {
      if (rows.length < LEAST_RECORDED) continue;
      const infos = rows.flatMap(({ tcpInfo }) => tcpInfo ?? []);
      const meant = infos.length < rows.length ? null : areMeant(infos);
      if (meant === null) isUnknown = true;
      if (meant !== true) continue;
      const ages = infos.map(({ lastDataSentMs }) => lastDataSentMs);
      const [fromMs, toMs] = [Math.min(...ages), Math.max(...ages)];
      const count = Math.round(share);
      if ((toMs - fromMs) / (count - 1) < spacingMs || count <= (most?.count ?? 0)) continue;
      most = { ...key, count, fromMs, toMs, atUs: look.atUs };
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
      const name = `${key.pid} ${key.remote}`;
      const one = found.get(name) ?? { key, rows: [], share: 0 };
      one.rows.push(row);
      one.share += count / examples.length;
      found.set(name, one);
    }
  }
  return [...found.values()];
}
