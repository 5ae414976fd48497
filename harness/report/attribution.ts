import { type Attribution, CAUSES, type Endpoint } from "../attribution/attribution.ts";
import { attributedSegments, attributions } from "../attribution/attributions.ts";
import { countOf } from "../model/count.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { palette } from "./palette.ts";
import { wrap } from "./wrap.ts";

/** The attributions of a recording as JSON. Times are in microseconds of the trial; docs/attribution.md names the fields. */
export interface AttributionsJson {
  experiment: string;
  variant: string;
  endings: Attribution[];
}

/** The attributions of a recording, for JSON. */
export function attributionsJson(recording: Recording): AttributionsJson {
  const { experiment, variant } = recording.header;
  return { experiment, variant, endings: attributions(recording) };
}

/** Where an ending's evidence stands. */
const INDENT = " ".repeat(14);

/** A line for each reset and each close, in the order of time, and its evidence below. */
export function attributionText(
  recording: Recording,
  { columns, colour = false }: { columns: number; colour?: boolean },
): string {
  const { experiment, variant } = recording.header;
  const paint = palette(colour);
  const all = attributions(recording);
  const lines = folded(all).flatMap(({ one, times }) => {
    const again = times === 1 ? "" : `, ${times} times`;
    const time = `${(one.atUs / 1000).toFixed(1)} ms`.padStart(12);
    const orElse = one.orElse.map((cause) => CAUSES[cause]);
    const or = orElse.length === 0 ? "" : `; or: ${orElse.join(", ")}`;
    const [who, why] = [`${time}  ${whose(one)}${again}`, causeText(one)];
    const isShort = who.length + 2 + why.length <= columns;
    return [
      ...(isShort ? [`${who}  ${paint.heading(why)}`] : [who, `${INDENT}${paint.heading(why)}`]),
      ...wrap(`${one.because}${or}`, columns, INDENT).map(paint.quiet),
    ];
  });
  const title = `${experiment}/${variant}: ${countOf(all.length, "end of a connection", "ends of connections")}`;
  return ["", paint.title(title), "", ...lines].join("\n");
}

/** Resets that answer one segment after another of the same connection stand in one line, with the evidence of the first. */
function folded(all: Attribution[]): { one: Attribution; times: number }[] {
  const found: { one: Attribution; times: number }[] = [];
  const keyOf = ({ host, link, connection, ending, cause }: Attribution): string =>
    [host, link, connection, ending, cause].join();
  for (const one of all) {
    const last = found.at(-1);
    const isAgain = one.cause === "no-connection" && last !== undefined && keyOf(last.one) === keyOf(one);
    if (isAgain) last.times += 1;
    else found.push({ one, times: 1 });
  }
  return found;
}

/** `server:8080 sent RST to client:40001`, and without a segment `client:40001 gave up server:8080`. */
function whose({ ending, near, far, host, count, connection }: Attribution): string {
  if (near === null || far === null) return `${host} sent ${count} RST`;
  const which = connection === null ? "" : `, connection ${connection}`;
  return ending === "nothing"
    ? `${end(near)} gave up ${end(far)}${which}`
    : `${end(near)} sent ${ending} to ${end(far)}${which}`;
}

function end({ host, address, port }: Endpoint): string {
  return `${host === "" ? (address ?? "?") : host}:${port}`;
}

/** The cause in a few words: `likely close()`, `end of server (SIGKILL): unread bytes at close()`. */
function causeText({ cause, sure, made, program }: Attribution): string {
  const words = cause === "process-ended" ? endedText(made, program) : CAUSES[cause];
  return sure === "likely" ? `likely ${words}` : words;
}

function endedText(made: Attribution["made"], program: Attribution["program"]): string {
  const what = made === null || made === "close" ? "" : `: ${CAUSES[made]}`;
  return program === null ? "process ended" : `end of ${program.program} (${program.signal})${what}`;
}

/**
 * What a ladder shows beside each FIN and RST whose cause is known: a few words. That the cause is only likely stands there, too, except
 * with close(): what else it could be is shutdown() and then close(), between the same two looks.
 */
export function endingMarks(recording: Recording): Map<PacketSample, string> {
  const marks = [...attributedSegments(recording)].filter(([, { sure }]) => sure !== "undecided");
  return new Map(
    marks.map(([packet, one]) => [packet, one.cause === "close" ? CAUSES.close : causeText(one)] as const),
  );
}
