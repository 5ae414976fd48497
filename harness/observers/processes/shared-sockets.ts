import type { ProcessesSample } from "../../model/sample.ts";

/** The most shared sockets that a sample lists. The model has this limit. */
const MOST_SHARED = 20;

/** The shared sockets as a sample has them: some of them, and how many there are. */
export function listedShared(
  shared: ProcessesSample["shared"],
): Pick<ProcessesSample, "shared" | "sharedCount"> {
  return { shared: shared.slice(0, MOST_SHARED), sharedCount: shared.length };
}
