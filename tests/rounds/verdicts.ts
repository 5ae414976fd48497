import { z } from "zod";
import { OUTCOMES, type Outcome } from "../../harness/model/verdict.ts";

const trialSchema = z.object({
  outcome: z.enum(OUTCOMES),
  recording: z.string().nullable(),
  findings: z.array(z.object({ claim: z.string(), observed: z.string(), outcome: z.enum(OUTCOMES) })),
});

const documentSchema = z.object({
  experiments: z.array(z.object({ id: z.string(), variants: z.record(z.string(), trialSchema) })),
});

/** What a run said of one variant. */
export interface VariantVerdict extends z.infer<typeof trialSchema> {
  /** `close-wait-leak/buggy`. */
  name: string;
}

/** The verdicts in what `lastack run --json` printed. Throws when it printed something else, or nothing. */
export function verdictsOf(json: string): VariantVerdict[] {
  return documentSchema
    .parse(JSON.parse(json))
    .experiments.flatMap(({ id, variants }) =>
      Object.entries(variants).map(([variant, verdict]) => ({ name: `${id}/${variant}`, ...verdict })),
    );
}

/** Lines on those verdicts that are not confirmed: where the recording is, and which findings are to blame. */
export function unconfirmedLines(verdicts: VariantVerdict[]): string[] {
  const isGood = (outcome: Outcome): boolean => outcome === "confirmed";
  return verdicts
    .filter(({ outcome }) => !isGood(outcome))
    .flatMap(({ name, outcome, recording, findings }) => [
      `  ${outcome} ${name}: ${recording ?? "no recording"}`,
      ...findings
        .filter((finding) => !isGood(finding.outcome))
        .map((finding) => `    ${finding.outcome}: ${finding.claim} - ${finding.observed}`),
    ]);
}
