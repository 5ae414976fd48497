import { resolveTarget, TargetRefused } from "../../load/live/resolve.ts";
import type { Endpoint } from "../../load/load-plan.ts";
import { parseTarget } from "../../load/target.ts";
import { InputError, UsageError } from "../../runs/errors.ts";
import type { Terminal } from "../terminal.ts";

/** Where a comparison goes that is not in the lab. Throws UsageError for a target that is not ours, InputError for one that is nowhere. */
export async function liveEndpoint(url: string, mine: boolean, terminal: Terminal): Promise<Endpoint> {
  try {
    const target = parseTarget(url);
    if (target.scheme === "tcp")
      throw new UsageError(
        "--url takes http or https: a tcp server has no requests that all arms could make.",
      );
    const { endpoint, said } = await resolveTarget(target, mine);
    if (said !== null) terminal.err(said);
    return endpoint;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!(error instanceof TargetRefused)) throw error;
    throw error.kind === "foreign" ? new UsageError(error.message) : new InputError(error.message);
  }
}
