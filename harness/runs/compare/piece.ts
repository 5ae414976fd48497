import type { Laboratory } from "../../lab/laboratory.ts";
import { packageRoot } from "../../lab/paths.ts";
import { HOLDS, holdSetup } from "../../compare/hold-setup.ts";
import { STOPPED } from "../../compare/missing.ts";
import { comparisonSetup } from "../../compare/setup.ts";
import type { ComparisonPlan } from "../../model/comparison.ts";
import type { Recording } from "../../model/recording.ts";
import type { Setup } from "../../model/setup.ts";
import { recordingPath } from "../../recording/place.ts";
import { readOwnRecording } from "../../recording/read.ts";
import { RecordingError } from "../../recording/recording-error.ts";
import { validateSetup } from "../../recording/schema.ts";
import type { RunWatch } from "../watch.ts";

/** Stands in the recordings of a comparison where others have an experiment's id. */
const LABEL = "compare";

/** One trial of a comparison. `rttMs` is null in a trial of idle connections. */
export interface Piece {
  rttMs: number | null;
  /** From 1. A repetition that is run again gets a new number. */
  repetition: number;
}

/** All trials of a comparison: those of idle connections, and the repetitions. Each repetition has one trial for each round-trip time. */
export function piecesOf(plan: ComparisonPlan): { holds: Piece[]; repetitions: Piece[] } {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth + 1);
  return {
    holds: numbers(HOLDS).map((repetition) => ({ rttMs: null, repetition })),
    repetitions: numbers(plan.repetitions).flatMap((repetition) =>
      plan.rttsMs.map((rttMs) => ({ rttMs, repetition })),
    ),
  };
}

/** The result of a trial: its recording, or one sentence that says what went wrong. */
export type Ran = { piece: Piece; recording: Recording } | { piece: Piece; fault: string };

/** Runs one trial in the lab and reads its recording. */
export async function runPiece(
  piece: Piece,
  plan: ComparisonPlan,
  { lab, folder, watch }: { lab: Laboratory; folder: string; watch: RunWatch },
): Promise<Ran> {
  const { rttMs, repetition } = piece;
  const variant = rttMs === null ? "idle" : `rtt-${rttMs}`;
  const setup: Setup = rttMs === null ? holdSetup(plan) : comparisonSetup(plan, rttMs, repetition);
  const out = recordingPath(folder, LABEL, variant, repetition);
  const name = `${LABEL}/${variant} #${repetition}`;
  const beganMs = performance.now();
  watch.begin(name);
  const order = {
    experiment: LABEL,
    variant,
    setup: validateSetup(setup, name),
    out,
    baseDir: packageRoot,
    hold: false,
    pcap: null,
  };
  const end = await lab.run(order, (progress) => watch.tell(name, progress)).ended;
  watch.end(name, end.reason, (performance.now() - beganMs) / 1000);
  if (end.reason === "interrupted") return { piece, fault: STOPPED };
  if (end.reason !== "completed") return { piece, fault: end.because ?? end.reason };
  try {
    return { piece, recording: readOwnRecording(out) };
  } catch (error) {
    if (error instanceof RecordingError) return { piece, fault: error.message };
    throw error;
  }
}
