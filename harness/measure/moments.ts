import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { TcpState } from "../model/state.ts";
import { calls, type Calls, returnedCalls } from "./calls.ts";
import { acknowledges } from "./closing.ts";
import { segments, type Segments } from "./segments.ts";
import { firstStates } from "./states-passed.ts";

/** An event at one moment: the first of its kind, or the n-th (from 0). */
export type Happening =
  /** A segment enters its wire, or leaves the wire towards the other end. */
  | { segment: Segments; is: "sent" | "arrived" }
  /** A segment is sent that acknowledges exactly up to a FIN. */
  | { acknowledged: Segments }
  /** A call begins, or returns; with `result`, only calls with that result count. */
  | { call: Calls; is: "begun" | "returned"; nth?: number; result?: string }
  /** A look sees one end of the first connection in a state, for the first time. */
  | { seen: TcpState; at: HostName };

/** When the event happened, in microseconds of the trial; null when it did not. */
function momentOf(recording: Recording, happening: Happening): number | null {
  if ("segment" in happening) {
    const [packet] = segments(recording, happening.segment);
    return (happening.is === "sent" ? packet?.atUs : packet?.sentUs) ?? null;
  }
  if ("acknowledged" in happening) {
    const [fin] = segments(recording, happening.acknowledged);
    if (fin === undefined) return null;
    return segments(recording).find((packet) => acknowledges(packet, fin))?.atUs ?? null;
  }
  if ("seen" in happening) {
    return firstStates(recording, happening.at).find(({ state }) => state === happening.seen)?.atUs ?? null;
  }
  const { call, is, nth = 0, result } = happening;
  const made = is === "begun" ? calls(recording, call) : returnedCalls(recording, call);
  return made.filter((one) => result === undefined || one.result === result)[nth]?.atUs ?? null;
}

/** The time between two events, in milliseconds: less than 0 when `to` came first; null when one of them did not happen. */
export function betweenMs(recording: Recording, from: Happening, to: Happening): number | null {
  const [fromUs, toUs] = [momentOf(recording, from), momentOf(recording, to)];
  return fromUs === null || toUs === null ? null : (toUs - fromUs) / 1000;
}
