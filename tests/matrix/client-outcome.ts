import type { CommandEnd } from "../../harness/model/exec.ts";
import type { ClientOutcome } from "./result.ts";

/** The servers for clients that never send a whole answer: a client that reports success takes half of one for it. */
const NEVER_WHOLE: readonly string[] = ["truncates", "resets-in-body", "vanishes"];

/** What came of a client's requests at a server for clients. */
export function clientOutcome(
  server: string,
  { exitCode, endedBy }: Pick<CommandEnd, "exitCode" | "endedBy">,
  findings: readonly string[],
): ClientOutcome {
  if (exitCode === 0 && NEVER_WHOLE.includes(server)) return "half";
  if (findings.length > 0) return "found";
  if (endedBy === "timeout") return "waits";
  return exitCode === 0 ? "served" : "error";
}
