import { samplesOf } from "../measure/evidence.ts";
import {
  repeats as repeatsOf,
  type Repeat,
  type WireConnection,
  wireConnections,
} from "../measure/packets.ts";
import { socketStates, wasListening } from "../measure/socket-states.ts";
import { countOf } from "../model/count.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import type { WirePlan } from "../model/wire.ts";
import { endingMarks } from "./attribution.ts";
import { type Call, callsOf } from "./ladder/call.ts";
import { headLine, ladderLines, type Layout, layoutOf } from "./ladder/line.ts";
import { type Row, rowsOf } from "./ladder/row.ts";
import { stepsOf } from "./ladder/step.ts";
import { palette } from "./palette.ts";
import { wrap } from "./wrap.ts";

export interface LadderOptions {
  /** Which wire of the setup, from 0. Absent: the first that carried a connection. */
  link?: number;
  /** Which connection of that wire, from 1. Absent: the first. */
  connection?: number;
  /** The width of the terminal; more than 100 is not used. */
  columns: number;
  colour?: boolean;
}

const LEAST_COLUMNS = 72;
const MOST_COLUMNS = 100;
/**
 * A connection as a ladder. Time goes down. Each end has a line with the states in which it was observed and the calls that its program
 * reported. Between the two lines is every segment, with what the wire did to it. If there is no such connection, the result is a
 * sentence that names those that exist. Lines are no longer than the columns and have no trailing spaces.
 */
export function ladder(recording: Recording, options: LadderOptions): string {
  const all = wireConnections(recording);
  const link = options.link ?? all[0]?.link ?? 0;
  const onLink = all.filter((one) => one.link === link);
  const chosen = onLink.find((one) => one.connection === (options.connection ?? onLink[0]?.connection));
  if (chosen === undefined) return notThere(all, link, options);
  return drawn(recording, chosen, onLink, options);
}

/** Whether a recording has a connection that a ladder could show. */
export function hasLadder(
  recording: Recording,
  options: Pick<LadderOptions, "link" | "connection">,
): boolean {
  return wireConnections(recording).some(
    ({ link, connection }) =>
      (options.link === undefined || options.link === link) &&
      (options.connection === undefined || options.connection === connection),
  );
}

function notThere(all: WireConnection[], link: number, { connection }: LadderOptions): string {
  if (all.length === 0) return "no segment was recorded: only a link of the kind wire records segments";
  const [which] = connection === undefined ? [""] : [` ${connection}`];
  const there = [...new Set(all.map((one) => one.link))].map((one) => {
    const numbers = all.filter((other) => other.link === one).map((other) => other.connection);
    return `${numbers[0] === numbers.at(-1) ? numbers[0] : `${numbers[0]} to ${numbers.at(-1)}`} on link ${one}`;
  });
  return `there is no connection${which} on link ${link}; there are ${there.join(", ")}`;
}

function drawn(
  recording: Recording,
  chosen: WireConnection,
  onLink: WireConnection[],
  options: LadderOptions,
): string {
  const columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, options.columns));
  const layout = layoutOf(columns, palette(options.colour ?? false));
  const repeats = repeatsOf(chosen.packets);
  const plan = recording.header.setup.links.filter((link) => link.kind === "wire")[chosen.link];
  const rows = rowsOfConnection(recording, chosen, onLink.length === 1, repeats, plan);
  const lines = [
    ...head(recording, chosen, plan, { columns, layout }),
    ...ladderLines(rows, chosen.fromUs, layout),
    "",
    ...foot(recording, chosen, onLink, repeats).flatMap((text) =>
      wrap(text, columns).map((line) => layout.paint.quiet(line)),
    ),
  ];
  return lines.join("\n");
}

function rowsOfConnection(
  recording: Recording,
  chosen: WireConnection,
  isOnly: boolean,
  repeats: Map<PacketSample, Repeat>,
  plan: WirePlan | undefined,
): Row[] {
  const [left, right] = chosen.ends;
  const untilUs = chosen.untilUs ?? Infinity;
  const calls: Call[] = callsOf(recording, chosen, isOnly);
  const events = samplesOf(recording, "intervention")
    .filter(({ atUs }) => atUs >= chosen.fromUs && atUs < untilUs)
    .map(({ atUs, name, done }) => ({ atUs, text: done ? name : `${name} was not done` }));
  const fromUs = chosen.isSuccessor ? chosen.fromUs : -Infinity;
  const states = [
    socketStates(recording, left, right, fromUs, untilUs),
    socketStates(recording, right, left, fromUs, untilUs),
  ] as [ReturnType<typeof socketStates>, ReturnType<typeof socketStates>];
  const doneUs = [...calls, ...events].map(({ atUs }) => atUs);
  const busyUs = [...doneUs, ...states.flat().map(({ atUs }) => atUs)];
  const rows = rowsOf(
    stepsOf(chosen, repeats, plan, { busyUs, doneUs, marks: endingMarks(recording) }),
    calls,
    events,
    states,
  );
  if (wasListening(recording, right, chosen.fromUs)) {
    rows.unshift({ atUs: null, step: null, event: null, calls: [null, null], states: [null, "LISTEN"] });
  }
  return rows;
}

function head(
  { header }: Recording,
  { link, connection, ends }: WireConnection,
  plan: WirePlan | undefined,
  { columns, layout }: { columns: number; layout: Layout },
): string[] {
  const [left, right] = ends;
  const { paint } = layout;
  const title = `${header.experiment}/${header.variant}: connection ${connection}, ${left.host}:${left.port} → ${right.host}:${right.port}`;
  const wires = header.setup.links.filter(({ kind }) => kind === "wire").length;
  const about = [
    ...(wires > 1 ? [`link ${link}`] : []),
    ...(plan === undefined ? [] : delays(plan, left.host)),
  ];
  return [
    "",
    ...wrap(title, columns).map((line) => paint.title(line)),
    ...(about.length === 0 ? [] : [about.join(", ")]),
    "",
    headLine(left.host, right.host, layout),
  ];
}

function delays({ delayMs, between }: WirePlan, left: string): string[] {
  const [away, back] = between[0] === left ? delayMs : [delayMs[1], delayMs[0]];
  if (away === 0 && back === 0) return [];
  return [
    away === back
      ? `${away} ms on the wire each way`
      : `${away} ms on the wire to the right, ${back} ms to the left`,
  ];
}

/** The counts, and how to read the states beside the arrows. */
function foot(
  { header }: Recording,
  { packets, connection }: WireConnection,
  onLink: WireConnection[],
  repeats: Map<PacketSample, Repeat>,
): string[] {
  const fates = new Map<string, number>();
  for (const { fate } of packets) fates.set(fate, (fates.get(fate) ?? 0) + 1);
  const told = [...fates].map(([fate, count]) => `${count} ${fate}`).join(", ");
  const again = [...repeats.values()].filter(({ kind }) => kind === "retransmission").length;
  const everyMs = header.setup.observers.sockets?.everyMs;
  const others = onLink.length - 1;
  return [
    `${countOf(packets.length, "segment")}: ${told}; ${again === 1 ? "1 is a retransmission" : `${again} are retransmissions`}.`,
    everyMs === undefined
      ? "Sockets were not observed, so no states are shown."
      : `A state stands beside the last segment before it was first observed; sockets were observed every ${everyMs} ms.`,
    ...(others === 0
      ? []
      : [`This is connection ${connection} of ${onLink.length} on this link; --connection N shows another.`]),
  ];
}
