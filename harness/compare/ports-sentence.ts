import type { Arm } from "../model/comparison.ts";
import { portsPerSecond, TIME_WAIT_S } from "./ports.ts";
import { atPlaces, digits, whole } from "./wording.ts";

/** An arm of short connections, and the place where it was measured: `1 ms`, `here`. */
interface Placed {
  place: string;
  arm: Arm;
}

/** Whether short connections were opened faster than ports become free, from the arms of short connections. */
export function portsSentence(shorts: readonly Placed[]): string[] {
  const [first] = shorts;
  const most = first === undefined ? null : portsPerSecond(first.arm.ports);
  if (first === undefined || most === null) return [];
  const { timeWait, ports } = first.arm;
  const side =
    timeWait.server === 0 && timeWait.client !== 0
      ? "the client, which closes first,"
      : "the end that closes first";
  const again = ports.keptS < TIME_WAIT_S ? `, but this kernel reuses it after ${ports.keptS} s` : "";
  const bound =
    `One client address can sustain ${whole(most)} short connections a second to one server port: ` +
    `${side} keeps each of ${whole(ports.range ?? 0)} ports in TIME-WAIT for ${TIME_WAIT_S} s${again}.`;
  const fast = shorts.filter(({ arm }) => arm.connectionsPerSecond.median > most);
  const slow = shorts.filter((one) => !fast.includes(one));
  const sentences = [
    bound,
    ...(fast.length > 0 ? [`${runs(fast)} exceeded that, and could not have lasted.`] : []),
    ...(slow.length > 0 ? [`${runs(slow)} did not exceed it.`] : []),
  ];
  return [sentences.join(" ")];
}

/** `The runs at 0 ms (9,970 a second) and 1 ms (2,110 a second)`. */
function runs(some: readonly Placed[]): string {
  const each = some.map(({ place, arm }) => {
    const rate = `${digits(arm.connectionsPerSecond.median, 1)} a second`;
    // A place with missing repetitions has brackets already.
    return place.endsWith(")") ? `${place.slice(0, -1)}, ${rate})` : `${place} (${rate})`;
  });
  return `The runs ${atPlaces(each)}`;
}
