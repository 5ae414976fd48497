import type { Attribution } from "../../harness/attribution/attribution.ts";
import { attributions } from "../../harness/attribution/attributions.ts";
import { loadOver } from "../../harness/attribution/ended.ts";
import type { Recording } from "../../harness/model/recording.ts";
import type { Expected } from "./provoke.ts";

/** The endings before the programs are ended, as an Expected has them. */
export function namedIn(recording: Recording): Attribution[] {
  const overUs = loadOver(recording) ?? Number.POSITIVE_INFINITY;
  return attributions(recording).filter(({ atUs }) => atUs < overUs);
}

/** What is not as expected, as one line; null when every ending is named as expected. Resets at the same moment may come in any order. */
export function wrongIn(named: Attribution[], expected: Expected[]): string | null {
  const found = named.map(inWords).toSorted();
  const wanted = expected.map(inWords).toSorted();
  if (found.join() === wanted.join()) return null;
  const said = named.map((one) => `${inWords(one)} (${one.sure}: ${one.because})`).join("; ");
  return `${said || "nothing"}, and not ${wanted.join("; ")}`;
}

function inWords({ host, ending, cause, made }: Expected | Attribution): string {
  return `${host} ${ending} ${cause}${made === undefined || made === null ? "" : `, ${made}`}`;
}
