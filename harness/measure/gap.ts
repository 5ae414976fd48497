import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import { samplesOf } from "./evidence.ts";

/** A look counts as missing only if the gap is longer than this many intervals plus this time. */
const INTERVALS = 2;
const LATE_US = 250_000;

/** A time between two moments, in microseconds since the trial's origin. */
interface Time {
  fromUs: number;
  toUs: number;
}

/**
 * The longest time between two samples of a kind of one host, if samples are missing in it; null if none is missing. `within` leaves out what
 * lies wholly before or after it.
 */
export function longestGap(
  recording: Recording,
  { kind, host }: { kind: "sockets" | "listeners" | "processes"; host?: HostName },
  within: Time = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY },
): Time | null {
  const everyUs = (recording.header.setup.observers[kind]?.everyMs ?? 0) * 1000;
  const hosts = host === undefined ? Object.keys(recording.header.setup.hosts) : [host];
  const gaps = hosts.flatMap((one) => {
    const looks = samplesOf(recording, kind, one);
    return looks.flatMap((look, nth) => {
      const before = looks[nth - 1];
      return before === undefined ? [] : [{ fromUs: before.atUs, toUs: look.atUs }];
    });
  });
  const longest = gaps
    .filter(({ fromUs, toUs }) => fromUs < within.toUs && toUs > within.fromUs)
    .reduce<Time | null>(
      (most, gap) => (most === null || gap.toUs - gap.fromUs > most.toUs - most.fromUs ? gap : most),
      null,
    );
  if (longest === null || longest.toUs - longest.fromUs <= INTERVALS * everyUs + LATE_US) return null;
  return longest;
}
