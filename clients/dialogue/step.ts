import { readText, writeText, type StepText } from "../../harness/load/step-text.ts";

/** The steps that only wait for the other end. */
type Limited = "connect" | "handshake" | "answer" | "switch" | "close-frame" | "some" | "end";

/** What a step does. `ms` limits its wait. */
export type Act =
  | { step: Limited; ms: number }
  | { step: "send"; text: StepText }
  | { step: "fill"; bytes: number; ms: number }
  | { step: "drip"; everyMs: number; text: StepText }
  | { step: "bytes"; bytes: number; ms: number }
  | { step: "together"; connections: number; ms: number }
  | { step: "wait"; ms: number }
  | { step: "idle"; spreadMs: number; ms: number }
  | { step: "pause" | "resume" | "shutdown" | "close" | "reset" | "stay" };

/** `isTried`: the script goes on when this step fails. */
export type Step = Act & { isTried: boolean };

/** The limit of a step that waits for the other end, when none is given. */
export const LIMIT_MS = 5000;
const MOST_MS = 600_000;
const MOST_BYTES = 2 ** 31;
const MOST_CONNECTIONS = 30_000;

/** For each step, its form, and a function that parses its words; null when they do not fit the form. */
const GRAMMAR: { form: string; read: (words: string[]) => Act | null }[] = [
  { form: "connect [MS]", read: limited("connect") },
  { form: "handshake [MS]", read: limited("handshake") },
  { form: "send TEXT", read: ([text]) => withText(text, (parts) => ({ step: "send", text: parts })) },
  { form: "fill BYTES [MS]", read: counted("fill", Number.POSITIVE_INFINITY) },
  {
    form: "drip MS TEXT",
    read: ([every, text]) => {
      const everyMs = whole(every, MOST_MS);
      return everyMs === null ? null : withText(text, (parts) => ({ step: "drip", everyMs, text: parts }));
    },
  },
  { form: "answer [MS]", read: limited("answer") },
  { form: "switch [MS]", read: limited("switch") },
  { form: "close-frame [MS]", read: limited("close-frame") },
  { form: "bytes BYTES [MS]", read: counted("bytes", LIMIT_MS) },
  { form: "some [MS]", read: limited("some") },
  { form: "end [MS]", read: limited("end") },
  { form: "pause", read: () => ({ step: "pause" }) },
  { form: "resume", read: () => ({ step: "resume" }) },
  { form: "shutdown", read: () => ({ step: "shutdown" }) },
  { form: "close", read: () => ({ step: "close" }) },
  { form: "reset", read: () => ({ step: "reset" }) },
  {
    form: "wait MS",
    read: ([ms]) => {
      const time = whole(ms, MOST_MS);
      return time === null ? null : { step: "wait", ms: time };
    },
  },
  {
    form: "together CONNECTIONS [MS]",
    read: ([connections, ms]) => {
      const count = whole(connections, MOST_CONNECTIONS);
      const limit = ms === undefined ? MOST_MS : whole(ms, MOST_MS);
      if (count === null || count < 1 || limit === null) return null;
      return { step: "together", connections: count, ms: limit };
    },
  },
  {
    form: "idle SPREAD-MS [MS]",
    read: ([spread, ms]) => {
      const spreadMs = whole(spread, MOST_MS);
      const limit = ms === undefined ? LIMIT_MS : whole(ms, MOST_MS);
      return spreadMs === null || limit === null ? null : { step: "idle", spreadMs, ms: limit };
    },
  },
  { form: "stay", read: () => ({ step: "stay" }) },
];

/** The form of each step. */
export const STEP_FORMS = GRAMMAR.map(({ form }) => form);

const TRIED = /^try\s+/;

/** Parses one step. Throws an Error with one sentence for the user. */
export function readStep(argument: string): Step {
  const isTried = TRIED.test(argument);
  const text = argument.replace(TRIED, "");
  const name = /^\S*/.exec(text)?.[0] ?? "";
  const rule = GRAMMAR.find(({ form }) => form.split(" ")[0] === name);
  if (rule === undefined) {
    throw new Error(`${JSON.stringify(text)} is no step; the steps are ${STEP_FORMS.join(", ")}`);
  }
  const act = readAct(rule, text);
  if (act === null) throw new Error(`${JSON.stringify(text)} is not understood; the form is ${rule.form}`);
  return { ...act, isTried };
}

/** Writes a step as `readStep` reads it. */
export function writeStep({ isTried, ...act }: Step): string {
  const words = isTried ? ["try", act.step] : [act.step];
  if (act.step === "drip") words.push(String(act.everyMs));
  if (act.step === "idle") words.push(String(act.spreadMs));
  if ("connections" in act) words.push(String(act.connections));
  if ("bytes" in act) words.push(String(act.bytes));
  if ("ms" in act && act.ms !== Number.POSITIVE_INFINITY) words.push(String(act.ms));
  if ("text" in act) words.push(writeText(act.text));
  return words.join(" ");
}

/** One space separates two words. TEXT is all the rest, with its spaces. */
function readAct({ form, read }: (typeof GRAMMAR)[number], text: string): Act | null {
  const [, ...slots] = form.split(" ");
  const words: string[] = [];
  let rest = text.includes(" ") ? text.slice(text.indexOf(" ") + 1) : "";
  for (const slot of slots) {
    if (rest === "") break;
    const space = rest.indexOf(" ");
    const to = slot === "TEXT" || space === -1 ? rest.length : space;
    words.push(rest.slice(0, to));
    rest = rest.slice(to + 1);
  }
  return rest === "" ? read(words) : null;
}

function limited(step: Limited): (words: string[]) => Act | null {
  return ([ms]) => {
    const limit = ms === undefined ? LIMIT_MS : whole(ms, MOST_MS);
    return limit === null ? null : { step, ms: limit };
  };
}

function counted(step: "fill" | "bytes", unsaidMs: number): (words: string[]) => Act | null {
  return ([bytes, ms]) => {
    const count = whole(bytes, MOST_BYTES);
    const limit = ms === undefined ? unsaidMs : whole(ms, MOST_MS);
    return count === null || count < 1 || limit === null ? null : { step, bytes: count, ms: limit };
  };
}

function withText(text: string | undefined, make: (parts: StepText) => Act): Act | null {
  return text === undefined ? null : make(readText(text));
}

function whole(word: string | undefined, most: number): number | null {
  const value = /^\d{1,10}$/.test(word ?? "") ? Number(word) : Number.POSITIVE_INFINITY;
  return value <= most ? value : null;
}
