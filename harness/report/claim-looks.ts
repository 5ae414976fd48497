import type { ClaimResult, Settled } from "../claims/claim.ts";
import { decidingFor, type Recorded } from "../claims/settle.ts";
import { wireConnections } from "../measure/packets.ts";
import type { Recording } from "../model/recording.ts";

/** A circumstance of a claim, the recording that shows it, and the connection that it is about, when a wire carried it. */
export interface Shown {
  settled: Settled;
  recording: Recording;
  which: { link?: number; connection?: number };
}

/** How many circumstances a reader is shown. */
const MOST = 2;

/**
 * The circumstances of a claim that a reader should see: of a claim that fails, those in which it fails; of a claim with limits, one in
 * which it holds and one in which it fails; otherwise the first that decided. Circumstances without a recording are left out.
 */
export function shownOf(result: ClaimResult, recorded: Recorded): Shown[] {
  const all = [...result.under, ...result.beyond];
  const failed = all.filter(({ holds }) => holds === false);
  const [first] = decidingFor(result);
  const wanted = {
    refuted: failed,
    obsolete: failed,
    "holds-with-limits": [first, failed[0]],
    holds: [first],
    "not-testable": [first],
    inconclusive: [first],
  }[result.verdict].slice(0, MOST);
  return wanted.flatMap((settled) => {
    const recording = settled?.in[0] === undefined ? null : recorded(settled.in[0]);
    return settled === undefined || recording === null
      ? []
      : [{ settled, recording, which: whichOf(settled, recording) }];
  });
}

/** The connection that a circumstance's figures are about: their names have its number or the port of its listener. */
function whichOf({ observed }: Settled, recording: Recording): Shown["which"] {
  const number = /\bof connection (\d+)/.exec(observed.en)?.[1];
  const port = /\bof port (\d+)/.exec(observed.en)?.[1];
  const found = wireConnections(recording).find(
    ({ connection, ends }) =>
      (number === undefined || connection === Number(number)) &&
      (port === undefined || ends.some((end) => end.port === Number(port))),
  );
  return found === undefined ? {} : { link: found.link, connection: found.connection };
}
