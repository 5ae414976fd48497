import { countersMoved } from "../measure/counters.ts";
import { hosts } from "../measure/evidence.ts";
import type { Recording } from "../model/recording.ts";
import { NONE, type Row, type Section, UNSEEN } from "./table.ts";

/** The counters that show how connections begin, fail and end. There are about three hundred others. */
const TELLING = [
  "TcpExtListenOverflows",
  "TcpExtListenDrops",
  "TcpExtTCPReqQFullDrop",
  "TcpExtTCPReqQFullDoCookies",
  "TcpExtTCPSynRetrans",
  "TcpExtTCPTimeouts",
  "TcpExtTCPAbortOnClose",
  "TcpExtTCPAbortOnData",
  "TcpExtTCPAbortOnTimeout",
  "TcpExtTCPTimeWaitOverflow",
  "TcpExtTWRecycled",
  "TcpExtTW",
  "TcpEstabResets",
  "TcpOutRsts",
  "TcpAttemptFails",
  "TcpActiveOpens",
  "TcpPassiveOpens",
  "TcpRetransSegs",
  "TcpInSegs",
  "TcpOutSegs",
];
const MOST_ROWS = 8;

/**
 * The counters that moved, by host. They are at most eight: first those that `claims` name, then those that differ between the
 * recordings. With `every` they are all. `-` means that the counter did not move, `?` that it was not read.
 */
export function counterSection(recordings: (Recording | null)[], claims: string[], every: boolean): Section {
  const moved = recordings.map((recording) => (recording === null ? null : movedByKey(recording)));
  const keys = [...new Set(moved.flatMap((one) => [...(one?.keys() ?? [])]))];
  const rows = keys.map((key): Row => ({ label: key, cells: moved.map((one) => cell(one, key)) }));
  if (every) {
    return { heading: "counters that moved", rows: rows.toSorted((a, b) => a.label.localeCompare(b.label)) };
  }
  const isSpokenOf = (row: Row): boolean => claims.some((claim) => claim.includes(counterOf(row.label)));
  const rank = (row: Row): number => {
    const spokenOf = isSpokenOf(row) ? 0 : 1000;
    const differs = new Set(row.cells).size > 1 || recordings.length === 1 ? 0 : 100;
    return spokenOf + differs + TELLING.indexOf(counterOf(row.label));
  };
  const telling = rows.filter((row) => TELLING.includes(counterOf(row.label)) || isSpokenOf(row));
  const chosen = telling.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  return { heading: "counters that moved", rows: chosen };
}

function movedByKey(recording: Recording): Map<string, number> | null {
  const byHost = hosts(recording).map((host) => ({ host, moved: countersMoved(recording, host) }));
  if (byHost.every(({ moved }) => moved === null)) return null;
  return new Map(
    byHost.flatMap(({ host, moved }) =>
      Object.entries(moved ?? {}).map(([name, delta]): [string, number] => [`${host} ${name}`, delta]),
    ),
  );
}

function cell(moved: Map<string, number> | null, key: string): string {
  if (moved === null) return UNSEEN;
  const delta = moved.get(key);
  return delta === undefined ? NONE : String(delta);
}

function counterOf(label: string): string {
  return label.slice(label.indexOf(" ") + 1);
}
