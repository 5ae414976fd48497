import { longestGap } from "../measure/gap.ts";
import type { Starvation } from "../measure/starvation.ts";
import type { ExactExpectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding } from "../model/verdict.ts";
import { seconds } from "./vocabulary/wording.ts";

/**
 * What a finding is worth when the trial was starved. A refutation can be the machine's fault, and becomes inconclusive. A confirmation
 * stays, except that of a claim about every sample when samples are missing: they could have refuted it.
 */
export function tempered(
  finding: Finding,
  starved: Starvation,
  recording: Recording,
  ofEveryLook: ExactExpectation["ofEveryLook"],
): Finding {
  const open = (why: string): Finding => ({
    ...finding,
    observed: `${finding.observed}; but ${why}`,
    outcome: "inconclusive",
    ...(finding.zh !== undefined && {
      zh: { claim: finding.zh.claim, observed: `${finding.zh.observed}；但是 ${why}` },
    }),
  });
  if (finding.outcome === "refuted") return open(starvedWords(starved));
  const gap =
    finding.outcome === "confirmed" && ofEveryLook !== undefined
      ? longestGap(recording, ofEveryLook, ofEveryLook.within?.(recording) ?? undefined)
      : null;
  if (gap === null) return finding;
  const where = ofEveryLook?.host === undefined ? "" : ` of ${ofEveryLook.host}`;
  return open(
    `no sample${where} was taken from ${seconds(gap.fromUs)} to ${seconds(gap.toUs)}: ${starvedWords(starved)}`,
  );
}

/** `server was ready to run and had no processor for 3.20 s of 7.00 s (at most 0.21 s between two samples)`. */
function starvedWords({ who, how, waitedUs, ofUs, longestUs }: Starvation): string {
  switch (how) {
    case "waited":
      return `${who} was ready to run and had no processor for ${seconds(waitedUs)} of ${seconds(ofUs)} (at most ${seconds(longestUs)} between two samples)`;
    case "late":
      return `${who} came late by up to ${seconds(longestUs)}, and was late for ${seconds(waitedUs)} of ${seconds(ofUs)} in all`;
    case "suspended":
      return `${who} was suspended for ${seconds(waitedUs)}`;
  }
}
