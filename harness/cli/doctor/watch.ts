import { isatty } from "node:tty";
import { type Change, Changes } from "../../diagnosis/changes.ts";
import type { Diagnosed, Diagnosis } from "../../diagnosis/diagnose.ts";
import type { Examination } from "../../diagnosis/examine.ts";
import type { Redaction } from "../../diagnosis/redact.ts";
import { changeJson, changeLine, endLine, nowLine, watchingLine } from "../../report/doctor-watch.ts";
import { EXIT, exitOfDiagnosis } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** What a watch needs. */
export interface WatchPlan {
  /** The examinations of the last `seconds`, about one a second, until Ctrl+C. */
  examinations: AsyncIterable<Examination>;
  seconds: number;
  diagnose: (examination: Examination) => Diagnosis;
  redaction: Redaction | null;
  json: boolean;
}

/** How a watch ended. `last` is null when Ctrl+C came before it had looked for long enough. */
export interface Watched {
  code: number;
  last: Examination | null;
}

/**
 * Prints findings when they appear and when they are gone. On a terminal, a line below them says what is so at the moment. Something that was
 * found at any time decides the exit code; otherwise the last diagnosis does.
 */
export async function watchDoctor(plan: WatchPlan, terminal: Terminal): Promise<Watched> {
  const display = plan.json ? documents(terminal) : await lines(terminal);
  const changes = new Changes(plan.seconds * 1000);
  const beganMs = performance.now();
  let [found, last, code]: [number, Examination | null, number] = [0, null, EXIT.inconclusive];
  let undecided: string[] | null = null;
  const withoutName = <T extends Pick<Diagnosed, "subject">>(one: T): T =>
    plan.redaction === null ? one : { ...one, subject: plan.redaction.subject(one.subject) };
  for await (const examination of plan.examinations) {
    const diagnosis = plan.diagnose(examination);
    if (last === null) {
      const subjects = diagnosis.examined.map((one) => withoutName(one).subject);
      display.tell({ event: "watching", subjects }, watchingLine(subjects));
    }
    last = examination;
    const some = changes.next(diagnosis, examination, performance.now());
    found += some.filter(({ event }) => event === "found").length;
    for (const change of redacted(some, plan, { examination, diagnosis }))
      display.tell(changeJson(change), changeLine(change, terminal.colour));
    display.now(
      nowLine(
        diagnosis,
        examination,
        changes.standing().map(({ one }) => withoutName(one)),
      ),
    );
    code = exitOfDiagnosis(diagnosis);
    undecided = [...new Set(diagnosis.undecided.map(({ mode }) => mode.id))];
  }
  const seconds = Math.round(performance.now() - beganMs) / 1000;
  const end = { seconds, found, standing: changes.standing().length, undecided };
  display.tell({ event: "ended", ...end }, endLine(end));
  display.done();
  return { code: found > 0 ? EXIT.finding : code, last };
}

/**
 * Changes as they may be printed. What a finding observed is a sentence, so it is judged again without names and addresses. This is done only
 * here: a redaction keeps every address that it has replaced, and a watch sees ever new ones.
 */
function redacted(
  changes: Change[],
  { redaction, diagnose }: WatchPlan,
  { examination, diagnosis }: { examination: Examination; diagnosis: Diagnosis },
): Change[] {
  if (redaction === null || changes.length === 0) return changes;
  const { found } = diagnose(redaction.examination(examination));
  return changes.flatMap((change): Change[] => {
    if (change.event === "gone")
      return [{ ...change, one: { ...change.one, subject: redaction.subject(change.one.subject) } }];
    if (change.event !== "found") return [change];
    const one = found[diagnosis.found.indexOf(change.one)];
    return one === undefined ? [] : [{ ...change, one }];
  });
}

/** Where a watch is shown: what happens, and what is so at the moment. */
interface Display {
  tell: (document: object, line: string) => void;
  now: (line: string) => void;
  done: () => void;
}

/** One JSON document a line. */
function documents({ out }: Terminal): Display {
  return {
    tell: (document) => out(JSON.stringify({ at: new Date().toISOString(), ...document })),
    now: () => {},
    done: () => {},
  };
}

/** Lines with the time; on a terminal (unless TERM=dumb), the last line is drawn in place. */
async function lines({ out }: Terminal): Promise<Display> {
  const told = (line: string): string => `${timeOfDay()}  ${line}`;
  if (!isatty(process.stdout.fd) || process.env["TERM"] === "dumb")
    return { tell: (_, line) => out(told(line)), now: () => {}, done: () => {} };
  const { createLogUpdate } = await import("log-update");
  const log = createLogUpdate(process.stdout);
  let shown = "";
  return {
    tell: (_, line) => {
      log.clear();
      out(told(line));
      if (shown !== "") log(shown);
    },
    now: (line) => {
      shown = told(line);
      log(shown);
    },
    done: () => {
      log.clear();
      log.done();
    },
  };
}

/** `14:03:07`, in the user's time zone. */
function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
