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

/** The result of one variant in a run. */
export interface VariantVerdict extends z.infer<typeof trialSchema> {
  /** `close-wait-leak/buggy`. */
  name: string;
}

/** The verdicts in the output of `lastack run --json`. Throws when it printed something else, or nothing. */
export function verdictsOf(json: string): VariantVerdict[] {
  return documentSchema
    .parse(JSON.parse(json))
    .experiments.flatMap(({ id, variants }) =>
      Object.entries(variants).map(([variant, verdict]) => ({ name: `${id}/${variant}`, ...verdict })),
    );
}

/** Lines about verdicts that are not confirmed: the path of the recording, and the findings that caused it. */
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
