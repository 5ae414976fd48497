import type { Role } from "../diagnosis/asked.ts";
import type { Diagnosed, Diagnosis } from "../diagnosis/diagnose.ts";
import type { Cause } from "../diagnosis/ranking.ts";
import type { CureHere } from "../diagnosis/cures.ts";
import type { Examination } from "../diagnosis/examine.ts";
import type { Subject } from "../model/subject.ts";
import { certaintyLines, cureLines, unlikeLines } from "./advice.ts";
import { savedJson, savedLooks, savedNotes, savedUndecidedLines } from "./saved.ts";
import { palette } from "./palette.ts";
import type { ReportOptions } from "./text.ts";
import { surroundingLines } from "./surroundings.ts";
import { threadLines } from "./threads.ts";
import { unreadLines } from "./unread-lines.ts";
import { wrap } from "./wrap.ts";

const MOST_COLUMNS = 100;
/** The width of the words before each line of a finding. */
const LABEL = 10;
/** How many modes that are ruled out are named beside a finding. Without a finding, all are. */
const MOST_RULED_OUT = 7;

/** A diagnosis as text: what was looked at, each finding with its evidence and its cure, and what was not found. */
export function reportDiagnosis(
  diagnosis: Diagnosis,
  examination: Examination,
  options: Pick<ReportOptions, "colour" | "columns">,
): string {
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const paint = palette(options.colour);
  const { found, remarks, undecided, invisible } = diagnosis;
  const { saved } = examination;
  return [
    ...wrap(lookedAt(diagnosis, examination), columns),
    ...found.flatMap((one) => oneOfFound(one, columns, paint.outcome.refuted)),
    ...remarks.flatMap((one) => ["", ...remarkLines(one, columns)]),
    "",
    ...wrap(conclusion(diagnosis), columns).map((line) => paint.title(line)),
    ...surroundingLines(diagnosis, columns),
    ...(saved === undefined
      ? undecidedLines(undecided, examination, columns)
      : savedUndecidedLines(undecided, columns)),
    ...refutedLines(diagnosis, saved === undefined ? "Ruled out" : "Not seen", columns),
    ...listed("One host cannot show", invisible, columns),
    ...(saved === undefined ? [] : savedNotes(saved, columns)),
    ...unreadLines(examination, diagnosis.surroundings, columns),
  ].join("\n");
}

/** `node (pid 4711)`; `port 8080, on which nobody listens`. */
export function inWords(subject: Subject): string {
  if (subject.kind === "family") return `${subject.program} (pid ${subject.pid})`;
  if (subject.kind === "namespace") return "this network namespace, whose processes share the counters";
  const { side, port, isHeld } = subject;
  if (side === "listener")
    return isHeld ? `port ${port}, whose process is not visible` : `port ${port}, on which nobody listens`;
  return isHeld
    ? `connections to port ${port} of a process that is not visible`
    : `connections to port ${port} that no process holds`;
}

function lookedAt({ examined, asked }: Diagnosis, examination: Examination): string {
  const { looks, seconds, lack, saved } = examination;
  const looked =
    saved === undefined
      ? `Looked ${looks} times in ${seconds.toFixed(1)} s at `
      : savedLooks(examination, saved);
  const names = (role: Role): string[] =>
    examined.filter((one) => one.role === role).map(({ subject }) => inWords(subject));
  const [own, others, users] = [names("asked"), names("other end"), names("local user")];
  if (own.length === 0 && users.length > 0) {
    return `${looked}${users.join(", ")}: nobody listens on port ${asked.port}, and a connection has it as its local port.`;
  }
  const who = own.length === 0 ? "nothing that has a TCP socket" : own.join(", ");
  const and = others.length === 0 ? "" : `, and the other ends on this host: ${others.join(", ")}`;
  const but = lack === null ? "" : ` But ${lack}. What was not seen cannot be ruled out.`;
  return `${looked}${who}${and}.${but}`;
}

/** A finding; what another one explains stands directly behind it, without a heading of its own. */
function oneOfFound(one: Diagnosed, columns: number, mark: (text: string) => string): string[] {
  return one.cause === null
    ? ["", ...findingLines(one, columns, mark)]
    : consequenceLines(one, one.cause, columns);
}

function consequenceLines({ mode, findings }: Diagnosed, cause: Cause, columns: number): string[] {
  return [
    ...labelled("also", `${mode.id}: ${mode.title}. ${cause.mode.id} explains it: ${cause.because}`, columns),
    ...findings.flatMap(({ observed }) => labelled("", `seen: ${observed}`, columns)),
    ...labelled("", `read: experiments/${mode.id}/README.md`, columns),
  ];
}

function findingLines(one: Diagnosed, columns: number, mark: (text: string) => string): string[] {
  const { mode, findings, sockets, advice } = one;
  const line = (label: string, text: string): string[] => labelled(label, text, columns);
  return [
    ...wrap(`✗ ${mode.id}: ${mode.title}`, columns).map(mark),
    ...line("where", whereOf(one)),
    ...commandLines(one.subject, columns),
    ...findings.flatMap(({ observed, because }, nth) => [
      ...line(nth === 0 ? "seen" : "", observed),
      ...(nth === 0 ? line("", `because ${because}`) : []),
    ]),
    ...threadLines(one.threads).flatMap((text, nth) => line(nth === 0 ? "threads" : "", text)),
    ...(sockets.example === null ? [] : line("example", socketLine(sockets.example))),
    ...[...certaintyLines(advice), ...cureLines(advice), ...unlikeLines(advice)].flatMap(
      ([label, text, isFolded]) => (isFolded ? [folded(label, text, columns)] : line(label, text)),
    ),
    ...line("try it", `lastack run ${mode.id}`),
    ...line("read", `experiments/${mode.id}/README.md`),
  ];
}

/** How the accused program was started: with several of one name, that is how to know it. */
function commandLines(subject: Subject, columns: number): string[] {
  const isKnown = subject.kind === "family" && subject.command !== "";
  return isKnown ? labelled("command", subject.command, columns) : [];
}

/** A symptom that a healthy program can show, too: what was seen, and why it is no finding. */
function remarkLines(one: Diagnosed, columns: number): string[] {
  const { mode, findings } = one;
  return [
    `remark: ${mode.id}: ${mode.title}`,
    ...labelled("where", whereOf(one), columns),
    ...findings.flatMap(({ observed }, nth) => labelled(nth === 0 ? "seen" : "", observed, columns)),
    ...labelled("but", mode.visible?.because ?? "", columns),
    ...labelled("read", `experiments/${mode.id}/README.md`, columns),
  ];
}

function labelled(label: string, text: string, columns: number): string[] {
  const [first = "", ...others] = wrap(text, columns - LABEL);
  return [label.padEnd(LABEL) + first, ...others.map((rest) => " ".repeat(LABEL) + rest)];
}

/** One line, for what is worth no more. */
function folded(label: string, text: string, columns: number): string {
  const lines = labelled(label, text, columns);
  return lines.length === 1 ? lines.join("") : `${labelled(label, text, columns - 4)[0]} ...`;
}

function listed(what: string, modes: readonly { id: string }[], columns: number): string[] {
  return modes.length === 0 ? [] : wrap(`${what}: ${modes.map(({ id }) => id).join(", ")}.`, columns);
}

/** The modes that are refuted. Few looks can miss what comes and goes: of saved text, they are only not seen. */
function refutedLines(
  { found, ruledOut }: Diagnosis,
  what: "Ruled out" | "Not seen",
  columns: number,
): string[] {
  return found.length === 0 || ruledOut.length <= MOST_RULED_OUT
    ? listed(what, ruledOut, columns)
    : [`${what}: ${ruledOut.length} other failure modes; --json names them.`];
}

/**
 * The modes that could not be judged, together where the subject and the reason are the same. What all looks lack is said above, and is the
 * same for every subject.
 */
function undecidedLines(undecided: Diagnosis["undecided"], { lack }: Examination, columns: number): string[] {
  const byReason = new Map<string, Set<string>>();
  for (const { mode, subject, because } of undecided) {
    const reason = because === lack ? "" : ` on ${inWords(subject)}: ${because}`;
    byReason.set(reason, (byReason.get(reason) ?? new Set()).add(mode.id));
  }
  return [...byReason].flatMap(([reason, ids]) =>
    wrap(`Not judged: ${[...ids].join(", ")}${reason}.`, columns),
  );
}

const WHERE: Record<Role, string> = {
  asked: "",
  "other end": ", at the other end of the connections",
  "local user": ", which listens on no such port: a connection of it has the port as its local one",
};

function whereOf({ subject, role, sockets }: Diagnosed): string {
  const others = subject.kind === "family" ? sockets.pids.filter((pid) => pid !== subject.pid) : [];
  const held = others.length === 0 ? "" : `; the sockets are held by pid ${others.join(", ")}`;
  return `${inWords(subject)}${WHERE[role]}${held}`;
}

/** A socket in the order of `ss -tanoe`: state, queues, local and remote end, timer, inode, pids. */
function socketLine(socket: NonNullable<Diagnosed["sockets"]["example"]>): string {
  const { state, receiveQueueBytes, sendQueueBytes, local, remote, inode, pids } = socket;
  const holders = pids === undefined ? "" : pids.length === 0 ? " no process" : ` pid ${pids.join(", ")}`;
  const its = inode === undefined ? "" : ` ino:${inode}`;
  return `${state} ${receiveQueueBytes} ${sendQueueBytes} ${local} ${remote}${its}${holders}`;
}

function conclusion({ found, undecided, examined }: Diagnosis): string {
  if (examined.length === 0) return "Nothing was examined: no TCP socket is here.";
  if (found.length > 0) {
    const modes = new Set(found.map(({ mode }) => mode.id));
    return `Found: ${[...modes].join(", ")}.`;
  }
  return undecided.length === 0 ? "Nothing found." : "Nothing found, but not everything could be judged.";
}

/** The same as a JSON document. */
export function diagnosisJson(diagnosis: Diagnosis, examination: Examination): unknown {
  const { asked, examined, found, remarks, undecided, ruledOut, invisible, surroundings } = diagnosis;
  const { seconds, looks, longestLookMs, unread, unseenSockets, lack, saved } = examination;
  return {
    target: asked,
    seconds,
    looks,
    longestLookMs,
    lack,
    examined: examined.map(({ subject, role }) => ({ subject, role, isOtherEnd: role === "other end" })),
    lookedAt: surroundings,
    findings: found.map((one) => ({
      ...seenJson(one),
      cause: one.cause && { mode: one.cause.mode.id, because: one.cause.because },
      confidence: one.advice.certainty.level,
      shown: one.advice.certainty.shown,
      doubts: one.advice.certainty.doubts,
      falsifier: one.advice.alternatives,
      notVisible: one.advice.certainty.notVisible,
      fix: fixJson(one.advice.cures),
      noUse: one.advice.noUse,
      wrongAdvice: one.advice.wrong,
      reproduce: `lastack run ${one.mode.id}`,
    })),
    remarks: remarks.map((one) => ({ ...seenJson(one), but: one.mode.visible?.because })),
    undecided: undecided.map(({ mode, ...rest }) => ({ mode: mode.id, ...rest })),
    ruledOut: ruledOut.map(({ id }) => id),
    invisible: invisible.map(({ id, visible }) => ({ mode: id, because: visible?.because })),
    notVisible: { processes: unread, sockets: unseenSockets, threads: surroundings.threadsNotReadable },
    ...(saved !== undefined && { from: savedJson(saved) }),
  };
}

/** The cures by layer. */
function fixJson(cures: readonly CureHere[]): object {
  const of = (wanted: CureHere["layer"]): object[] =>
    cures
      .filter(({ layer }) => layer === wanted)
      .map(({ what, tried, setting }) => ({ what, tried, setting }));
  return { code: of("program"), config: of("configuration"), kernel: of("kernel") };
}

/** A finding or a remark as JSON, without its cure. */
export function seenJson({ mode, subject, role, findings, sockets, threads }: Diagnosed): object {
  return {
    mode: mode.id,
    title: mode.title,
    subject,
    role,
    isOtherEnd: role === "other end",
    evidence: findings.map(({ claim, observed, because }) => ({ claim, observed, because })),
    sockets,
    threads,
    page: `experiments/${mode.id}/README.md`,
  };
}
