import type { Finding } from "../../harness/model/verdict.ts";
import { MARKS } from "../../harness/report/palette.ts";
import { wrap } from "../../harness/report/wrap.ts";
import type { Example } from "./example.ts";

const COLUMNS = 100;

/** A finding in the form of a report. */
function findingText({ outcome, claim, observed }: Finding): string {
  const [first = "", ...rest] = wrap(claim, COLUMNS, "  ");
  return [`${MARKS[outcome]} ${first.trimStart()}`, ...rest, ...wrap(observed, COLUMNS, "    ")].join("\n");
}

/** The page with the finding of each expectation below it. The keys of `findings` are the lines of the examples. */
export function withFindings(page: string, examples: Example[], findings: Map<number, Finding>): string {
  const lines = page.split("\n");
  // From the last example to the first, so that the line numbers of earlier examples do not change.
  for (const example of examples.toReversed()) {
    const finding = findings.get(example.at);
    if (example.kind !== "claim" || finding === undefined) continue;
    const { from, to } = example.answer;
    lines.splice(from, to - from, ...findingText(finding).split("\n"));
  }
  return lines.join("\n");
}
