/** Which way an arrow points: away from the end on the left, or towards it. */
export type Way = "right" | "left";

/**
 * Which part of a segment's way is drawn: the whole way; only its departure (the segment was stopped for good, was held, or is still on
 * its way); or only its arrival (after it was held, or was on its way).
 */
export type Stage = "whole" | "stopped" | "held" | "leaving" | "released" | "arriving";

/** A drawn arrow: the line between the two ends, and the text that does not fit and belongs below. */
export interface Drawing {
  line: string;
  below: string | null;
}

/** The mark at the end of the shaft, for a segment to the right. */
const MARK: Record<Stage, string> = {
  whole: "▶",
  stopped: "✗",
  held: "┤",
  leaving: "╌╌",
  released: "├",
  arriving: "╌╌",
};

/** The texts at an arrow. */
export interface Words {
  label: string;
  note: string | null;
  extras: string[];
}

/**
 * Draws a segment as a line of exactly `width` characters. `note` stands in brackets after the label, next to the mark of the shaft, or
 * below. `extras` are shown only if there is room.
 */
export function drawArrow(way: Way, stage: Stage, words: Words, width: number): Drawing {
  const { pieces, below } = partsOf(stage, words, width);
  return { line: (way === "right" ? pieces : mirrored(pieces)).join(""), below };
}

interface Parts {
  /** The line of an arrow to the right, from left to right. A text is one piece, which is never reversed. */
  pieces: string[];
  below: string | null;
}

function parts(pieces: string[], below: string | null): Parts {
  return { pieces, below };
}

function partsOf(stage: Stage, words: Words, width: number): Parts {
  if (stage === "whole") return whole(words, width);
  return stage === "released" || stage === "arriving" ? end(stage, words, width) : begin(stage, words, width);
}

/** The same line towards the left: the pieces in reverse order, with heads and corners mirrored. */
function mirrored(pieces: string[]): string[] {
  return pieces.toReversed().map((piece) => TURNED.get(piece) ?? piece);
}

const TURNED = new Map([
  ["▶", "◀"],
  ["┤", "├"],
  ["├", "┤"],
]);

/** `── SYN seq=0 mss=1460 ─────▶` */
function whole(words: Words, width: number): Parts {
  const room = width - 6;
  const { label, rest } = split(words.label, room);
  const noted = words.note === null ? label : `${label} (${words.note})`;
  const fits = rest === null && noted.length <= room;
  const text = withExtras(fits ? noted : label, words.extras, room);
  const shaft = "─".repeat(width - 5 - text.length);
  return parts(["──", " ", text, " ", shaft, MARK.whole], under(rest, fits ? null : words.note));
}

/** `── SYN seq=0 ───✗ dropped by first-syn` */
function begin(stage: Stage, words: Words, width: number): Parts {
  const mark = MARK[stage];
  const { label, rest } = split(words.label, width - 5 - mark.length);
  const { note, shaft, blank } = middle(
    words.note,
    width - 4 - label.length - mark.length,
    width - 2 * label.length,
  );
  return parts(
    [
      "──",
      " ",
      label,
      " ",
      "─".repeat(shaft),
      mark,
      ...(note === null ? [] : [" ", note]),
      " ".repeat(blank),
    ],
    under(rest, note === null ? words.note : null),
  );
}

/** `held 1.02 s ├─── SYN seq=0 ──▶`, at the far end. */
function end(stage: Stage, words: Words, width: number): Parts {
  const mark = MARK[stage];
  const { label, rest } = split(words.label, width - 6 - mark.length);
  const { note, shaft, blank } = middle(
    words.note,
    width - 5 - label.length - mark.length,
    width - 2 * label.length,
  );
  return parts(
    [
      " ".repeat(blank),
      ...(note === null ? [] : [note, " "]),
      mark,
      "─".repeat(shaft),
      " ",
      label,
      " ",
      "──",
      MARK.whole,
    ],
    under(rest, note === null ? words.note : null),
  );
}

/**
 * Shares the room beside the label between the shaft, the note with its space, and blanks. The shaft has at least one character and ends
 * near the middle, which shows at a glance that the segment does not arrive. A note that does not fit is null.
 */
function middle(
  note: string | null,
  room: number,
  wished: number,
): { note: string | null; shaft: number; blank: number } {
  const noteRoom = note === null ? 0 : note.length + 1;
  const fits = noteRoom + 1 <= room;
  const taken = fits ? noteRoom : 0;
  const shaft = Math.max(1, Math.min(Math.floor(wished / 2), room - taken));
  return { note: fits ? note : null, shaft, blank: room - taken - shaft };
}

/** Breaks a label that is too long between two words; the rest goes below. */
function split(label: string, room: number): { label: string; rest: string | null } {
  if (label.length <= room) return { label, rest: null };
  const at = label.lastIndexOf(" ", room);
  return at <= 0
    ? { label: label.slice(0, room), rest: label.slice(room) }
    : { label: label.slice(0, at), rest: label.slice(at + 1) };
}

function under(rest: string | null, note: string | null): string | null {
  return rest !== null && note !== null ? `${rest}, ${note}` : (rest ?? note);
}

function withExtras(text: string, extras: string[], room: number): string {
  return extras.reduce(
    (line, extra) => (line.length + 1 + extra.length <= room ? `${line} ${extra}` : line),
    text,
  );
}
