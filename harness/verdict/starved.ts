import { longestGap } from "../measure/gap.ts";
import type { Starvation } from "../measure/starvation.ts";
import type { Expectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding } from "../model/verdict.ts";
import { seconds } from "./vocabulary/wording.ts";

/**
 * What a finding is worth where the trial was starved. A refutation may be the machine's fault, and is inconclusive. A confirmation stays,
 * but for one of every look where looks are missing: what they would have shown nobody knows.
 */
export function tempered(
  finding: Finding,
  starved: Starvation,
  recording: Recording,
  ofEveryLook: Expectation<never>["ofEveryLook"],
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
    finding.outcome === "confirmed" && ofEveryLook !== undefined ? longestGap(recording, ofEveryLook) : null;
  if (gap === null) return finding;
  const where = ofEveryLook?.host === undefined ? "" : ` at ${ofEveryLook.host}`;
  return open(
    `nobody looked${where} from ${seconds(gap.fromUs)} to ${seconds(gap.toUs)}: ${starvedWords(starved)}`,
  );
}

/** `server was ready to run and had no processor for 3.20 s of 7.00 s, once for 0.21 s of one look to the next`. */
function starvedWords({ who, how, waitedUs, ofUs, longestUs }: Starvation): string {
  switch (how) {
    case "waited":
      return `${who} was ready to run and had no processor for ${seconds(waitedUs)} of ${seconds(ofUs)} (between two looks, for ${seconds(longestUs)})`;
    case "late":
      return `${who} came late by up to ${seconds(longestUs)}, and by ${seconds(waitedUs)} of ${seconds(ofUs)} in all`;
    case "suspended":
      return `${who} was suspended for ${seconds(waitedUs)}`;
  }
}
