import type { Arm } from "../model/comparison.ts";
import { keptSeconds, slowFrom, sustainedPerSecond } from "../load/ports.ts";
import { atPlaces, digits, whole } from "./wording.ts";

/** An arm of short connections, and the place where it was measured: `1 ms`, `here`. */
interface Placed {
  place: string;
  arm: Arm;
}

/** How many short connections can be opened for long, and whether the arms opened more, from the arms of short connections. */
export function portsSentence(shorts: readonly Placed[]): string[] {
  const [first] = shorts;
  const range = first?.arm.ports.range ?? null;
  if (first === undefined || range === null) return [];
  const { timeWait, ports } = first.arm;
  const most = sustainedPerSecond(range, ports.keptS);
  const side =
    timeWait.server === 0 && timeWait.client !== 0
      ? "the client, which closes first,"
      : "the end that closes first";
  const longS = keptSeconds({ reused: false });
  const again = ports.keptS < longS ? `, but this kernel reuses it after ${ports.keptS} s` : "";
  const from = slowFrom(range);
  const [usable, slow] =
    from === null
      ? [`${whole(range)} ports`, ""]
      : [`${whole(from)} of ${whole(range)} ports`, ", and with more of them taken connect() is slow"];
  const bound =
    `One client address can sustain ${whole(most)} short connections a second to one server port (${usable} in ${ports.keptS} s): ` +
    `${side} keeps each port in TIME-WAIT for ${longS} s${again}${slow}.`;
  const fast = shorts.filter(({ arm }) => arm.connectionsPerSecond.median > most);
  const others = shorts.filter((one) => !fast.includes(one));
  const sentences = [
    bound,
    ...(fast.length > 0 ? [`${runs(fast)} exceeded that, and could not have lasted.`] : []),
    ...(others.length > 0 ? [`${runs(others)} did not exceed it.`] : []),
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
