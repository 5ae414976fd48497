import type { CommandEnd } from "../../harness/model/exec.ts";
import type { ClientOutcome } from "./result.ts";

/** The servers for clients that never send a whole answer: a client that reports success takes half of one for it. */
const NEVER_WHOLE: readonly string[] = [
  "truncates",
  "resets-in-body",
  "drops-at-byte",
  "resets-at-byte",
  "stalls-at-byte",
  "vanishes",
];

/** What came of a client's requests at a server for clients. All whole answers of a server are as long as each other. */
export function clientOutcome(
  server: string,
  { exitCode, endedBy, lastLines }: Pick<CommandEnd, "exitCode" | "endedBy" | "lastLines">,
  findings: readonly string[],
): ClientOutcome {
  const lengths = lastLines.flatMap((line) => /: (\d+) bytes$/.exec(line)?.[1] ?? []);
  const isHalf = NEVER_WHOLE.includes(server) || new Set(lengths).size > 1;
  if (exitCode === 0 && isHalf) return "half";
  if (findings.length > 0) return "found";
  if (endedBy === "timeout") return "waits";
  return exitCode === 0 ? "served" : "error";
}
