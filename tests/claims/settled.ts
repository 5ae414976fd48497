import type { ClaimResult } from "../../harness/claims/claim.ts";
import { RULES } from "../../harness/claims/rules.ts";
import { settle } from "../../harness/claims/settle.ts";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import { describedIn } from "../../harness/runs/described.ts";
import { referenceRecordings } from "../../harness/runs/settled.ts";
import type { Recording } from "../../harness/model/recording.ts";

/** The committed recording of a trial, `experiment/variant`; null when there is none. */
export const reference = referenceRecordings();

const described = describedIn(await loadCatalogue());

/**
 * The result of a claim on the committed recordings, some of which are replaced: `"time-wait/default": reference("time-wait/short")`
 * replaces a recording by another, and `null` removes it.
 */
export function settled(id: string, others: Record<string, Recording | null> = {}): ClaimResult {
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`there is no rule for ${id}`);
  return settle(rule, (trial) => (trial in others ? (others[trial] ?? null) : reference(trial)), described);
}

/** A recording whose samples are changed: `change` returns the new sample, or null to remove it. */
export function doctored(
  recording: Recording | null,
  change: (sample: Recording["samples"][number]) => Recording["samples"][number] | null,
): Recording {
  if (recording === null) throw new Error("there is no recording to change");
  return { ...recording, samples: recording.samples.flatMap((sample) => change(sample) ?? []) };
}
