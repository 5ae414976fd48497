import type { Change } from "../diagnosis/changes.ts";
import type { Diagnosed, Diagnosis } from "../diagnosis/diagnose.ts";
import type { Examination } from "../diagnosis/examine.ts";
import type { Subject } from "../model/subject.ts";
import { inWords, seenJson } from "./doctor.ts";
import { palette } from "./palette.ts";

/** How many subjects the first line names. */
const MOST_NAMES = 7;

/** The first line of a watch: who is watched. */
export function watchingLine(subjects: readonly Subject[]): string {
  // Programs first: what is left of ports comes and goes.
  const programs = subjects.filter(({ kind }) => kind === "family");
  const names = [...programs, ...subjects.filter(({ kind }) => kind !== "family")].map(inWords);
  const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
  return `watching ${names.length === 0 ? "nothing: no TCP socket is here" : names.slice(0, MOST_NAMES).join(", ")}${more}`;
}

/** A change as a line. */
export function changeLine(change: Change, colour: boolean): string {
  const { outcome } = palette(colour);
  switch (change.event) {
    case "found":
      return `${outcome.refuted(`✗ found ${change.one.mode.id}`)} at ${place(change.one)}: ${change.one.findings[0]?.observed ?? ""}`;
    case "gone":
      return `${outcome.confirmed(`✓ gone  ${change.one.mode.id}`)} at ${place(change.one)}, seen for ${lasting(change.seenMs)}`;
    case "starved":
      return `? ${change.because}. What is not seen cannot be ruled out.`;
    case "in time":
      return "the samples are in time again";
  }
}

/** What is so at this moment, in a line: for a terminal. */
export function nowLine(
  { examined }: Diagnosis,
  { lack }: Pick<Examination, "lack">,
  standing: readonly Pick<Diagnosed, "mode" | "subject" | "role">[],
): string {
  const count = examined.filter(({ subject }) => subject.kind === "family").length;
  const programs = count === 1 ? "1 program" : `${count} programs`;
  const found = standing.map((one) => `${one.mode.id} at ${place(one)}`);
  const what = found.length === 0 ? "nothing found" : `found: ${found.join("; ")}`;
  return `watching ${programs}; ${what}${lack === null ? "" : "; the machine is starved"}. Ctrl+C ends it.`;
}

/** The last line of a watch. */
export function endLine({ seconds, found, standing, undecided }: WatchEnd): string {
  const watched = `watched for ${lasting(seconds * 1000)}`;
  if (undecided === null) return `${watched}: too short to judge anything`;
  const times = found === 1 ? "once" : `${found} times`;
  const left = standing === 0 ? "" : `; ${standing} still there`;
  if (found > 0) return `${watched}: something found ${times}${left}`;
  const open = undecided.length === 0 ? "" : `; at the end, not judged: ${undecided.join(", ")}`;
  return `${watched}: nothing found${open}`;
}

/** How a watch ended: how often something was found, how much of it was still there, and the modes that could not be judged at the end. */
export interface WatchEnd {
  seconds: number;
  found: number;
  standing: number;
  /** null when it ended before anything was judged. */
  undecided: string[] | null;
}

/** A change as a JSON document. */
export function changeJson(change: Change): object {
  switch (change.event) {
    case "found":
      return { event: change.event, ...seenJson(change.one) };
    case "gone": {
      const { mode, subject } = change.one;
      return { event: change.event, mode: mode.id, subject, seenSeconds: Math.round(change.seenMs) / 1000 };
    }
    case "starved":
      return { event: change.event, because: change.because };
    case "in time":
      return { event: change.event };
  }
}

function place({ subject, role }: Pick<Diagnosed, "subject" | "role">): string {
  return `${inWords(subject)}${role === "other end" ? ", at the other end" : ""}`;
}

/** `7 s`, `2 min 5 s`, `1 h 2 min`. */
function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
