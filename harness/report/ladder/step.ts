import type { Repeat, WireConnection } from "../../measure/packets.ts";
import type { PacketSample } from "../../model/sample.ts";
import type { WirePlan } from "../../model/wire.ts";
import type { Stage, Way } from "./arrow.ts";
import { fateNote, lasting, optionLabels, repeatNote, segmentLabel } from "./label.ts";

/** What the colour of an arrow means: nothing special, sent again or altered, stopped for good. */
export type Tone = "plain" | "changed" | "stopped";

/** One line between the two ends. */
export interface Step {
  atUs: number;
  way: Way;
  stage: Stage;
  label: string;
  note: string | null;
  extras: string[];
  tone: Tone;
  /** When the left and the right end sent or received the segment; null if it never got there. */
  touchesUs: [number | null, number | null];
}

/** A segment that is on the wire for less than this is drawn as one line, whatever happens meanwhile. */
const INSTANT_US = 1000;
/** How many later segments are searched for one that crosses. */
const MOST_CROSSED = 64;
/** Fewer similar segments than this are drawn one by one. */
const LEAST_FOLDED = 4;

/** What is drawn between the segments or beside them. */
export interface Beside {
  busyUs: number[];
  doneUs: number[];
  /** A few words about a segment: why it was sent. */
  marks: ReadonlyMap<PacketSample, string>;
}

/**
 * The segments of a connection as lines of a ladder. `busyUs` are the moments of everything else that is drawn between the segments:
 * segments before such a moment are not folded together with segments after it. `doneUs` are the moments of calls and interventions. A
 * segment that is on its way at such a moment has two lines, one for its departure and one for its arrival. So has a segment that
 * crosses one from the other end.
 */
export function stepsOf(
  connection: WireConnection,
  repeats: Map<PacketSample, Repeat>,
  plan: WirePlan | undefined,
  { busyUs, doneUs, marks }: Beside,
): Step[] {
  const { packets } = connection;
  const [left] = connection.ends;
  const crossed = crossing(packets);
  const steps: Step[] = [];
  for (let n = 0; n < packets.length;) {
    const run = runFrom(packets, n, repeats, busyUs);
    const packet = packets[n];
    if (packet === undefined) break;
    const way: Way = packet.from === left.host && packet.fromPort === left.port ? "right" : "left";
    const isSplit = crossed.has(packet) || doneUs.some((us) => isUnderWay(packet, us));
    const about = { repeat: repeats.get(packet), mark: marks.get(packet) };
    if (run === null) steps.push(...stepsOfOne(packet, way, about, plan, isSplit));
    else steps.push(...folded(run, way));
    n += run?.length ?? 1;
  }
  return steps;
}

/** The segments that were on the wire at the same time as one from the other end, without those that a rule held. */
function crossing(packets: PacketSample[]): Set<PacketSample> {
  const crossed = new Set<PacketSample>();
  for (const [n, packet] of packets.entries()) {
    if (packet.fate === "held") continue;
    for (const other of packets.slice(n + 1, n + 1 + MOST_CROSSED)) {
      if (!isUnderWay(packet, other.atUs)) break;
      if (other.from === packet.from) continue;
      crossed.add(packet);
      if (isUnderWay(other, other.atUs + 1)) crossed.add(other);
    }
  }
  return crossed;
}

/** Whether a segment was on the wire at a moment, long enough for that to matter. */
function isUnderWay({ atUs, sentUs }: PacketSample, us: number): boolean {
  return sentUs !== null && sentUs - atUs >= INSTANT_US && us > atUs && us < sentUs;
}

function stepsOfOne(
  packet: PacketSample,
  way: Way,
  { repeat, mark }: { repeat: Repeat | undefined; mark: string | undefined },
  plan: WirePlan | undefined,
  isSplit: boolean,
): Step[] {
  const { atUs, sentUs, fate } = packet;
  const fated = fateNote(packet);
  const notes = [
    ...(repeat === undefined ? [] : [repeatNote(packet, repeat)]),
    ...(fated === null ? [] : [fated]),
  ];
  const told = mark === undefined ? notes : [mark, ...notes];
  const note = told.length === 0 ? null : told.join(", ");
  const label = segmentLabel(packet);
  const words = { way, label, note, extras: optionLabels(packet) };
  const tone = notes.length === 0 ? "plain" : "changed";
  const touches = (own: number | null, other: number | null): Step["touchesUs"] =>
    way === "right" ? [own, other] : [other, own];
  if (sentUs === null) {
    const isHeld = fate === "held";
    const stage = isHeld ? "held" : "stopped";
    return [{ ...words, atUs, stage, tone: isHeld ? "changed" : "stopped", touchesUs: touches(atUs, null) }];
  }
  const copies = fate === "duplicated" ? copyOf(packet, words, plan, touches) : [];
  const isHeld = fate === "held";
  if (!isHeld && !isSplit) {
    return [{ ...words, atUs, stage: "whole", tone, touchesUs: touches(atUs, sentUs) }, ...copies];
  }
  return [
    { ...words, atUs, stage: isHeld ? "held" : "leaving", tone, touchesUs: touches(atUs, null) },
    {
      ...words,
      atUs: sentUs,
      stage: isHeld ? "released" : "arriving",
      note: isHeld ? `held ${lasting(sentUs - atUs)}` : null,
      extras: [],
      tone: isHeld ? "changed" : "plain",
      touchesUs: touches(null, sentUs),
    },
    ...copies,
  ];
}

/** The copy of a duplicated segment: the recording has when the first one left, and the rule has how much later the copy left. */
function copyOf(
  packet: PacketSample,
  words: Pick<Step, "way" | "label" | "extras">,
  plan: WirePlan | undefined,
  touches: (own: number | null, other: number | null) => Step["touchesUs"],
): Step[] {
  const action = plan?.rules.find(({ name }) => name === packet.rule)?.do;
  if (action === undefined || !("duplicateAfterMs" in action)) return [];
  const laterUs = action.duplicateAfterMs * 1000;
  const atUs = (packet.sentUs ?? packet.atUs) + laterUs;
  const note = `its copy, ${lasting(laterUs)} later`;
  return [
    { ...words, extras: [], atUs, stage: "released", note, tone: "changed", touchesUs: touches(null, atUs) },
  ];
}

/** The segments from there on that show only data in one direction and its acknowledgements; null when they are few. */
function runFrom(
  packets: PacketSample[],
  from: number,
  repeats: Map<PacketSample, Repeat>,
  busyUs: number[],
): PacketSample[] | null {
  const first = packets[from];
  if (first === undefined || first.payloadBytes === 0) return null;
  const run: PacketSample[] = [];
  let lastUs = first.atUs;
  let data = 0;
  for (let n = from; n < packets.length; n += 1) {
    const packet = packets[n];
    if (packet === undefined || repeats.has(packet) || !isPlain(packet)) break;
    const isData = packet.from === first.from && packet.payloadBytes > 0;
    const isAnswer = packet.from !== first.from && packet.payloadBytes === 0;
    const since = lastUs;
    if (!(isData || isAnswer) || busyUs.some((us) => us > since && us <= packet.atUs && n > from)) break;
    run.push(packet);
    lastUs = packet.atUs;
    if (isData) data += 1;
  }
  return data < LEAST_FOLDED ? null : run;
}

function isPlain({ fate, flags, windowBytes, options }: PacketSample): boolean {
  return (
    fate === "passed" &&
    windowBytes > 0 &&
    options.sack === undefined &&
    flags.every((flag) => flag === "ACK" || flag === "PSH")
  );
}

/** A line for the data, and one for its acknowledgements. */
function folded(run: PacketSample[], way: Way): Step[] {
  const data = run.filter(({ payloadBytes }) => payloadBytes > 0);
  const answers = run.filter(({ payloadBytes }) => payloadBytes === 0);
  const back: Way = way === "right" ? "left" : "right";
  return [...foldedData(data, way), ...foldedAnswers(answers, back)];
}

function foldedData(data: PacketSample[], way: Way): Step[] {
  const [first, last] = [data[0], data.at(-1)];
  if (first === undefined || last === undefined) return [];
  const bytes = data.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
  const alike = data.every(({ payloadBytes }) => payloadBytes === first.payloadBytes);
  const each = alike ? `len=${first.payloadBytes} each` : `len=${bytes} in all`;
  return [
    many(
      data,
      way,
      `${data.length} × ${first.flags.includes("ACK") ? "ACK" : "data"} seq=${first.sequence} to ${last.sequence} ${each}`,
    ),
  ];
}

function foldedAnswers(answers: PacketSample[], way: Way): Step[] {
  const [first, last] = [answers[0], answers.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (answers.length === 1) return [many(answers, way, segmentLabel(first))];
  return [
    many(
      answers,
      way,
      `${answers.length} × ACK seq=${first.sequence} ack=${first.acknowledgement} to ${last.acknowledgement}`,
    ),
  ];
}

function many(packets: PacketSample[], way: Way, label: string): Step {
  const firstUs = packets[0]?.atUs ?? 0;
  const last = packets.at(-1);
  const [sent, arrived] = [last?.atUs ?? firstUs, last?.sentUs ?? last?.atUs ?? firstUs];
  return {
    atUs: firstUs,
    way,
    stage: "whole",
    label,
    note: null,
    extras: [],
    tone: "plain",
    touchesUs: way === "right" ? [sent, arrived] : [arrived, sent],
  };
}
