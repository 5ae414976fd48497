import type { Diagnosed, Diagnosis } from "../diagnosis/diagnose.ts";
import type { Examination } from "../diagnosis/examine.ts";
import type { Subject } from "../diagnosis/subject.ts";
import { palette } from "./palette.ts";
import type { ReportOptions } from "./text.ts";
import { wrap } from "./wrap.ts";

const MOST_COLUMNS = 100;
/** The width of the words before each line of a finding. */
const LABEL = 10;

/** A diagnosis as text: what was looked at, each finding with its evidence and its cure, and what was not found. */
export function reportDiagnosis(
  diagnosis: Diagnosis,
  examination: Examination,
  options: Pick<ReportOptions, "colour" | "columns">,
): string {
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const paint = palette(options.colour);
  const { found, undecided, ruledOut } = diagnosis;
  return [
    ...wrap(lookedAt(diagnosis, examination), columns),
    ...found.flatMap((one) => ["", ...findingLines(one, columns, paint.outcome.refuted)]),
    "",
    ...wrap(conclusion(diagnosis), columns).map((line) => paint.title(line)),
    ...undecided.flatMap(({ mode, subject, because }) =>
      wrap(`not judged: ${mode.id} on ${inWords(subject)}: ${because}`, columns),
    ),
    ...(ruledOut.length === 0 ? [] : wrap(`Ruled out: ${ruledOut.map(({ id }) => id).join(", ")}.`, columns)),
    ...unreadLines(examination, columns),
  ].join("\n");
}

/** `node (pid 4711)`; `port 8080, on which nobody listens`. */
export function inWords(subject: Subject): string {
  if (subject.kind === "family") return `${subject.program} (pid ${subject.pid})`;
  return subject.side === "listener"
    ? `port ${subject.port}, on which nobody listens`
    : `connections to port ${subject.port} that no process holds`;
}

function lookedAt({ examined }: Diagnosis, { looks, seconds }: Examination): string {
  const names = (isOtherEnd: boolean): string[] =>
    examined.filter((one) => one.isOtherEnd === isOtherEnd).map(({ subject }) => inWords(subject));
  const [own, others] = [names(false), names(true)];
  const who = own.length === 0 ? "nothing that has a TCP socket" : own.join(", ");
  const and = others.length === 0 ? "" : `, and the other ends on this host: ${others.join(", ")}`;
  return `Looked ${looks} times in ${seconds.toFixed(1)} s at ${who}${and}.`;
}

function findingLines(one: Diagnosed, columns: number, mark: (text: string) => string): string[] {
  const { mode, findings, sockets } = one;
  const line = (label: string, text: string): string[] => {
    const [first = "", ...others] = wrap(text, columns - LABEL);
    return [label.padEnd(LABEL) + first, ...others.map((rest) => " ".repeat(LABEL) + rest)];
  };
  const cures = Object.entries(mode.variants).filter(([name]) => name.startsWith("fixed"));
  return [
    mark(`✗ ${mode.id}: ${mode.title}`),
    ...line("where", whereOf(one)),
    ...findings.flatMap(({ observed, because }, nth) => [
      ...line(nth === 0 ? "seen" : "", observed),
      ...line("", `because ${because}`),
    ]),
    ...(sockets.example === null ? [] : line("example", socketLine(sockets.example))),
    ...cures.flatMap(([name, { summary }], nth) => line(nth === 0 ? "cure" : "", `${summary} (${name})`)),
    ...line("try it", `lastack run ${mode.id}`),
    ...line("read", `experiments/${mode.id}/README.md`),
  ];
}

function whereOf({ subject, isOtherEnd, sockets }: Diagnosed): string {
  const others = subject.kind === "family" ? sockets.pids.filter((pid) => pid !== subject.pid) : [];
  const held = others.length === 0 ? "" : `; the sockets are held by pid ${others.join(", ")}`;
  return `${inWords(subject)}${isOtherEnd ? ", at the other end of the connections" : ""}${held}`;
}

/** A socket in the order of `ss -tanoe`: state, queues, local and remote end, timer, inode, pids. */
function socketLine(socket: NonNullable<Diagnosed["sockets"]["example"]>): string {
  const { state, receiveQueueBytes, sendQueueBytes, local, remote, inode, pids } = socket;
  const holders = pids.length === 0 ? "no process" : `pid ${pids.join(", ")}`;
  return `${state} ${receiveQueueBytes} ${sendQueueBytes} ${local} ${remote} ino:${inode} ${holders}`;
}

function conclusion({ found, undecided, examined }: Diagnosis): string {
  if (examined.length === 0) return "Nothing was examined.";
  if (found.length > 0) {
    const modes = new Set(found.map(({ mode }) => mode.id));
    return `Found: ${[...modes].join(", ")}.`;
  }
  return undecided.length === 0 ? "Nothing found." : "Nothing found, but not everything could be judged.";
}

function unreadLines({ unread }: Examination, columns: number): string[] {
  if (unread.length === 0) return [];
  const names = [...new Set(unread.map(({ name }) => name))].join(", ");
  return wrap(
    `Not visible: the descriptors of ${unread.length} processes (${names}). Run this as root to read them.`,
    columns,
  );
}

/** The same as a JSON document. */
export function diagnosisJson(diagnosis: Diagnosis, examination: Examination): unknown {
  const { asked, examined, found, undecided, ruledOut } = diagnosis;
  return {
    asked,
    seconds: examination.seconds,
    looks: examination.looks,
    longestLookMs: examination.longestLookMs,
    examined,
    findings: found.map(({ mode, subject, isOtherEnd, findings, sockets }) => ({
      mode: mode.id,
      title: mode.title,
      subject,
      isOtherEnd,
      evidence: findings.map(({ claim, observed, because }) => ({ claim, observed, because })),
      sockets,
      fix: Object.fromEntries(
        Object.entries(mode.variants)
          .filter(([name]) => name.startsWith("fixed"))
          .map(([name, { summary }]) => [name, summary]),
      ),
      reproduce: `lastack run ${mode.id}`,
      page: `experiments/${mode.id}/README.md`,
    })),
    undecided: undecided.map(({ mode, subject, because }) => ({ mode: mode.id, subject, because })),
    ruledOut: ruledOut.map(({ id }) => id),
    notVisible: examination.unread,
  };
}
