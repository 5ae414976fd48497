import { samplesOf } from "../measure/evidence.ts";
import { socketSeries, type SeenSockets } from "../measure/sockets.ts";
import type { Recording } from "../model/recording.ts";
import type { SeenState, Side } from "../model/state.ts";
import { inOrderOfLife } from "./state-order.ts";
import { NONE, type Row, type Section, UNSEEN } from "./table.ts";

interface Kind {
  host: string;
  side: Side;
  state: SeenState;
}

/**
 * The sockets of each host at each end, by state: the most in any look, and how many were left after the load had drained (in the last
 * look before the programs are ended). `-` means none in any look, `?` means no look.
 */
export function socketSection(recordings: (Recording | null)[]): Section {
  const kinds = kindsSeen(recordings);
  const width = {
    host: longest(kinds.map((kind) => kind.host)),
    side: longest(kinds.map((kind) => kind.side)),
  };
  const rows = kinds.map((kind): Row => {
    const label = `${kind.host.padEnd(width.host)} ${kind.side.padEnd(width.side)} ${kind.state}`;
    return {
      label,
      cells: recordings.map((recording) => (recording === null ? UNSEEN : peakAndRest(recording, kind))),
    };
  });
  return { heading: "sockets: most seen → after the load", rows };
}

function peakAndRest(recording: Recording, which: SeenSockets): string {
  const series = socketSeries(recording, which);
  const { peak } = series;
  if (peak === null) return UNSEEN;
  if (peak.value === 0) return NONE;
  const rest = series.points.findLast((point) => point.phase !== "end") ?? peak;
  return `${peak.value} → ${String(rest.value).padEnd(3)}`;
}

function kindsSeen(recordings: (Recording | null)[]): Kind[] {
  const seen = new Map<string, Kind>();
  for (const recording of recordings) {
    for (const { host, groups } of recording === null ? [] : samplesOf(recording, "sockets")) {
      for (const { side, state } of groups) seen.set(`${host} ${side} ${state}`, { host, side, state });
    }
  }
  return [...seen.values()]
    .filter((kind) => kind.state !== "LISTEN")
    .toSorted(
      (a, b) =>
        a.host.localeCompare(b.host) || a.side.localeCompare(b.side) || inOrderOfLife(a.state, b.state),
    );
}

function longest(words: string[]): number {
  return Math.max(0, ...words.map((word) => word.length));
}
