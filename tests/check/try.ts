import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProbeResult, runBattery } from "../../harness/check/battery.ts";
import { NotChecked } from "../../harness/check/not-checked.ts";
import { orderOf } from "../../harness/check/order.ts";
import { scout } from "../../harness/check/scout.ts";
import { Laboratory } from "../../harness/lab/laboratory.ts";
import type { Probe } from "../../harness/model/probe.ts";
import { inParallel } from "../../harness/runs/in-parallel.ts";
import type { ExpectedGrades } from "./expected/row.ts";
import { referenceCommand } from "./reference.ts";

/** Where reference servers listen, if their row names no other port. */
const PORT = 8080;

/** A reference server, and what is wrong with the grades that it got: sentences. */
export interface TriedServer {
  server: string;
  faults: string[];
  seconds: number;
}

/** Several servers are tried at once: most of their time the probes wait. */
const AT_ONCE = 2;
/** Less than the defaults: the references have short times. */
const SHORT: TriedBounds = { patience: 4, reuses: 300, connections: 199 };

/** As the options of `lastack check`; the defaults are those of the command. */
export type TriedBounds = Partial<Record<"patience" | "reuses" | "connections", number>>;

/**
 * Runs probes at reference servers, and compares the grades with what was expected. A probe that is in `fails` of a row
 * must have its grade, and every other must pass, inform or be skipped.
 */
export async function tried(
  rows: readonly ExpectedGrades[],
  probes: readonly Probe[],
  bounds: TriedBounds = SHORT,
  onDone: (one: TriedServer) => void = () => {},
): Promise<TriedServer[]> {
  const lab = await Laboratory.open();
  const folder = mkdtempSync(join(tmpdir(), "lastack-check-"));
  try {
    const all: TriedServer[] = [];
    const one = async (row: ExpectedGrades): Promise<void> => {
      const done = await tryOne(row, { probes, bounds }, lab, join(folder, row.server.replace("/", "-")));
      all.push(done);
      onDone(done);
    };
    await inParallel([...rows], AT_ONCE, one, () => false);
    return all;
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryOne(
  row: ExpectedGrades,
  how: { probes: readonly Probe[]; bounds: TriedBounds },
  lab: Laboratory,
  folder: string,
): Promise<TriedServer> {
  const beganMs = performance.now();
  const faults = await resultsAt(row, how, lab, folder).then(
    (results) => results.flatMap((result) => faultsOf(row, result)),
    (error: unknown) => {
      if (!(error instanceof NotChecked)) throw error;
      return [`it was not checked: ${error.message}`];
    },
  );
  return { server: row.server, faults, seconds: Math.round(performance.now() - beganMs) / 1000 };
}

/** What is wrong with the grade of a probe: a sentence, or none. */
function faultsOf(row: ExpectedGrades, { probe, outcome, claims }: ProbeResult): string[] {
  const expected = expectedOf(row, probe);
  const isGood = ["pass", "informational", "skip"].includes(outcome);
  const isRace = row.either?.[probe.id] !== undefined && (isGood || outcome === "fail");
  const isRight = isRace || (expected === null ? isGood : outcome === expected);
  const seen = claims
    .filter((one) => one.outcome === outcome)
    .map((one) => `${one.expected}: ${one.observed}`);
  return isRight ? [] : [`${probe.id}: ${outcome}, not ${expected ?? "pass"}: ${seen.join("; ")}`];
}

/** How a reference server is started and asked. */
type HowAsked = Pick<ExpectedGrades, "server" | "request" | "tls" | "port" | "words">;

/** What probes find at a reference server. */
export async function resultsAt(
  { server, request, tls = false, port = PORT, words }: HowAsked,
  { probes, bounds }: { probes: readonly Probe[]; bounds: TriedBounds },
  lab: Laboratory,
  folder: string,
): Promise<ProbeResult[]> {
  const options = "http" in request ? { request: request.http } : { raw: request.raw };
  const order = orderOf(referenceCommand(server, port, words), { ...options, ...bounds, tls, port });
  const place = { lab, folder, jobs: undefined, watch: undefined, signal: undefined };
  const { results } = await runBattery(probes, await scout(order, place), order, place);
  return results;
}

function expectedOf({ fails }: ExpectedGrades, { id }: Probe): string | null {
  const expected = fails[id];
  if (expected === undefined) return null;
  return typeof expected === "string" ? "fail" : expected.grade;
}
