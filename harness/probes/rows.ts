import { samplesOf } from "../measure/evidence.ts";
import type { WireConnection } from "../measure/packets.ts";
import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";

/** The row of one end of a connection in one sample; `row` is null in a sample without it. */
export interface RowSeen {
  atUs: number;
  row: (SocketExample & Pick<SocketGroup, "state" | "timer" | "owner">) | null;
}

/** The rows of one end of a connection, from its first segment on, with a place for each sample of its host. */
export function rowsOf(
  recording: Recording,
  { ends, fromUs, untilUs }: WireConnection,
  host: HostName,
): RowSeen[] {
  const near = ends.find((end) => end.host === host)?.port;
  const far = ends.find((end) => end.host !== host)?.port;
  return samplesOf(recording, "sockets", host)
    .filter(({ atUs, phase }) => atUs >= fromUs && atUs < (untilUs ?? Infinity) && phase !== "end")
    .map(({ atUs, groups }) => {
      const found = groups.flatMap(({ state, timer, owner, examples }) =>
        state === "LISTEN"
          ? []
          : examples
              .filter(({ local, remote }) => portIn(local) === near && portIn(remote) === far)
              .map((row) => ({ ...row, state, timer, owner })),
      );
      return { atUs, row: found[0] ?? null };
    });
}

/** The port of `192.0.2.1:40001` and of `[2001:db8::1]:40001`. */
export function portIn(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** `1.2 s`. */
export function inSeconds(us: number): string {
  return `${(us / 1e6).toFixed(1)} s`;
}
