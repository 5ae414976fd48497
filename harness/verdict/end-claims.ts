import { type Ends, endsTold, type EndTold } from "../measure/ends.ts";
import type { Recording } from "../model/recording.ts";
import type { HostName } from "../model/names.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim } from "./claim.ts";

const STRANGER = "nobody that is known";

/** How all the connections of one peer end: how many, in which code, and how many seconds after the peer changed. */
export interface PeerEnds {
  count: number;
  code: string;
  seconds?: Bound;
}

/**
 * Which ends of connections those programs are told of: with each peer named, so many, all of them in that code; with
 * others, none. A program tells by a line `{ "kind": "end", "peer": "192.0.2.1", "code": "ETIMEDOUT" }`; that one which
 * tells nothing is told of nothing must be known from another variant.
 */
export function connectionsEnd(which: Ends, peers: Record<HostName, PeerEnds>): Claim<Recording> {
  const wanted = Object.entries(peers).map(
    ([peer, { count, code, seconds }]) =>
      `${count} with ${peer} in ${code}${seconds === undefined ? "" : ` (after ${seconds.ofAmount("s")})`}`,
  );
  const of = which.program === undefined ? "" : ` of ${which.program}`;
  const when = which.phase === undefined ? "" : `, during ${which.phase}`;
  const sentence =
    wanted.length === 0 ? `no connection${of} ends` : `connections${of} end: ${wanted.join(", ")}`;
  return claim(`${sentence}${when}`, ["program"], (recording) => {
    const seen = endsTold(recording, which);
    const endsOf = (peer: string): EndTold[] => seen.filter((one) => (one.peer ?? STRANGER) === peer);
    const names = [...new Set([...Object.keys(peers), ...seen.map(({ peer }) => peer ?? STRANGER)])];
    const observed = names.map((peer) => `${peer}: ${inWords(endsOf(peer))}`).join("; ");
    return {
      holds: names.every((peer) => isSo(endsOf(peer), peers[peer])),
      observed: observed === "" ? "no end was told" : observed,
    };
  });
}

function isSo(ends: EndTold[], wanted: PeerEnds | undefined): boolean {
  if (wanted === undefined) return ends.length === 0;
  return (
    ends.length === wanted.count &&
    ends.every(
      ({ code, seconds }) => code === wanted.code && (wanted.seconds?.holds(seconds ?? Number.NaN) ?? true),
    )
  );
}

/** `5 ETIMEDOUT after 3.67 to 3.71 s`. */
function inWords(ends: EndTold[]): string {
  if (ends.length === 0) return "none";
  return [...new Set(ends.map(({ code }) => code))]
    .map((code) => {
      const some = ends.filter((one) => one.code === code);
      const times = some.flatMap(({ seconds }) => seconds ?? []).toSorted((a, b) => a - b);
      const [first, last] = [times[0]?.toFixed(2), times.at(-1)?.toFixed(2)];
      if (first === undefined) return `${some.length} ${code}`;
      return `${some.length} ${code} after ${first === last ? "" : `${first} to `}${last} s`;
    })
    .join(", ");
}
