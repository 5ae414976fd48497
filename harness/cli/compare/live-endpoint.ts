import { resolveTarget, TargetRefused } from "../../load/live/resolve.ts";
import type { Endpoint } from "../../load/load-plan.ts";
import { parseTarget } from "../../load/target.ts";
import { UsageError } from "../../runs/errors.ts";
import { targetError } from "../target-error.ts";
import type { Terminal } from "../terminal.ts";

/** The endpoint of a comparison with --url. Throws the error of a target that is refused (targetError). */
export async function liveEndpoint(url: string, mine: boolean, terminal: Terminal): Promise<Endpoint> {
  try {
    const target = parseTarget(url);
    if (target.scheme === "tcp")
      throw new UsageError(
        "--url takes http or https: a comparison sends HTTP requests, and tcp:// has none.",
      );
    const { endpoint, said } = await resolveTarget(target, mine);
    if (said !== null) terminal.err(said);
    return endpoint;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!(error instanceof TargetRefused)) throw error;
    throw targetError(error);
  }
}
