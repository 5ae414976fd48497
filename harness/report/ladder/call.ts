import { calls, type CallMade } from "../../measure/calls.ts";
import type { ConnectionEnd, WireConnection } from "../../measure/packets.ts";
import type { Recording } from "../../model/recording.ts";

/** A call that a program at one end of a connection reported. */
export interface Call {
  atUs: number;
  end: 0 | 1;
  text: string;
}

/** A call up to this long before the first segment can belong to its connection: socket(), bind(). */
const BEFOREHAND_US = 1_000_000;

/**
 * The calls that the programs at a connection's ends reported. `localPort` and `remotePort` say which connection a call belongs to. A
 * call without ports belongs to this connection only if it is the only one of its link.
 */
export function callsOf(recording: Recording, connection: WireConnection, isOnly: boolean): Call[] {
  const { ends, fromUs, untilUs, isSuccessor } = connection;
  const earliest = isSuccessor ? fromUs : fromUs - BEFOREHAND_US;
  return calls(recording)
    .filter(({ atUs }) => atUs >= earliest && atUs < (untilUs ?? Infinity))
    .flatMap((one) =>
      ([0, 1] as const)
        .filter((end) => ends[end].host === one.host && isOf(one, ends[end], ends[1 - end]!, isOnly))
        .map((end): Call => ({ atUs: one.atUs, end, text: callText(one) })),
    );
}

function isOf(
  { localPort, remotePort }: CallMade,
  near: ConnectionEnd,
  far: ConnectionEnd,
  isOnly: boolean,
): boolean {
  if (localPort === null && remotePort === null) return isOnly;
  return (localPort === null || localPort === near.port) && (remotePort === null || remotePort === far.port);
}

/** `close() = 0`, `connect() = ECONNREFUSED`. A call that already has brackets keeps them. */
function callText({ call, result }: CallMade): string {
  const called = call.includes("(") ? call : `${call}()`;
  return result === null ? called : `${called} = ${result}`;
}
