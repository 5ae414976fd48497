import { samplesOf } from "../../measure/evidence.ts";
import type { ConnectionEnd, WireConnection } from "../../measure/packets.ts";
import type { Recording } from "../../model/recording.ts";
import type { ReportSample } from "../../model/sample.ts";

/** Something that a program reported to have called, at one end of a connection. */
export interface Call {
  atUs: number;
  end: 0 | 1;
  text: string;
}

/** What comes this long before the first segment may still be about its connection: socket(), bind(). */
const BEFOREHAND_US = 1_000_000;

/**
 * The calls that programs at a connection's ends reported: samples of kind "call" with the name of the `call`, its `result` where
 * there is one, and `localPort` or `remotePort`, which say of which connection. Without ports they are taken for this one's only
 * when it is the only one of its link.
 */
export function callsOf(recording: Recording, connection: WireConnection, isOnly: boolean): Call[] {
  const { ends, fromUs, untilUs, isSuccessor } = connection;
  const earliest = isSuccessor ? fromUs : fromUs - BEFOREHAND_US;
  const { programs } = recording.header.setup;
  return samplesOf(recording, "report")
    .filter(
      ({ atUs, report }) => report["kind"] === "call" && atUs >= earliest && atUs < (untilUs ?? Infinity),
    )
    .flatMap((sample) => {
      const host = programs[sample.program]?.host;
      return ([0, 1] as const)
        .filter((end) => ends[end].host === host && isOf(sample, ends[end], ends[end === 0 ? 1 : 0], isOnly))
        .map((end): Call => ({ atUs: sample.atUs, end, text: callText(sample) }));
    });
}

function isOf({ report }: ReportSample, near: ConnectionEnd, far: ConnectionEnd, isOnly: boolean): boolean {
  const { localPort, remotePort } = report;
  if (typeof localPort !== "number" && typeof remotePort !== "number") return isOnly;
  return (
    (typeof localPort !== "number" || localPort === near.port) &&
    (typeof remotePort !== "number" || remotePort === far.port)
  );
}

/** `close()`, `read() = 0`, `connect() = ECONNREFUSED`; a call that has brackets of its own keeps them. */
function callText({ report }: ReportSample): string {
  const { call, result } = report;
  const name = String(call ?? "call");
  const called = name.includes("(") ? name : `${name}()`;
  return result === undefined || result === null ? called : `${called} = ${String(result)}`;
}
