import type { Grade } from "../../harness/model/probe.ts";

/** What the probes found at a server, without what differs from run to run for no reason. */
export interface ServerResult {
  id: string;
  title: string;
  version: string;
  /** The kernel's release. */
  kernel: string;
  probes: ProbeCell[];
}

export interface ProbeCell {
  /** The id of the probe. */
  id: string;
  outcome: Grade;
  /** Why it was skipped; absent when it ran. */
  skipped?: string;
  claims: { outcome: Grade; expected: string; observed: string }[];
  seconds: number;
}

/**
 * What came of a client's three requests. `served`: it reports that each was answered. `error`: it reports that one was not. `half`: it
 * takes half an answer for a whole one. `waits`: it was still at it when its time was over. `found`: the doctor's symptoms are there.
 */
export type ClientOutcome = "served" | "error" | "half" | "waits" | "found";

/** What a client did at the servers for clients. */
export interface ClientResult {
  id: string;
  title: string;
  version: string;
  kernel: string;
  servers: ClientCell[];
}

export interface ClientCell {
  /** The name of the server for clients. */
  name: string;
  outcome: ClientOutcome;
  /** The failure modes that were found at the client. */
  findings: string[];
  /** null: lastack ended it. */
  exitCode: number | null;
  connections: number;
  requests: number;
  resetsReceived: number;
  /** What the client printed, the last lines. */
  printed: string[];
  seconds: number;
}

/** The cells of a result, by their row: what must be the same in each run. */
export function outcomesOf(result: ServerResult | ClientResult): Record<string, string> {
  if ("probes" in result) return Object.fromEntries(result.probes.map(({ id, outcome }) => [id, outcome]));
  return Object.fromEntries(result.servers.map(({ name, outcome }) => [name, outcome]));
}

/** The rows in which two results differ, as `ROW: BEFORE, then AFTER`. */
export function differences(
  before: ServerResult | ClientResult,
  after: ServerResult | ClientResult,
): string[] {
  const [a, b] = [outcomesOf(before), outcomesOf(after)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((row) => a[row] !== b[row])
    .map((row) => `${row}: ${a[row] ?? "absent"}, then ${b[row] ?? "absent"}`);
}

const NOT_WELL: (Grade | ClientOutcome)[] = ["fail", "warn", "inconclusive", "half", "found"];

/** Whether a cell needs no explanation: a server passes, or has a choice; a client is served, or knows that it is not. */
export const isWell = (outcome: string): boolean => !NOT_WELL.some((one) => one === outcome);
