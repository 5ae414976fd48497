import { readFileSync } from "node:fs";

/** Marks each place of the skeleton where something must be written. Tests refuse files that still contain it. */
export const HALF_DONE = "HALF-DONE";

/** The languages of the skeleton's servers. Servers can be in any language, but the skeleton has only these. */
export type Language = "node" | "python";

/** A description of a new experiment. Only a fact has `variants`; a failure mode has buggy and fixed. */
export type Order = { id: string; language: Language } & (
  | { kind: "failure-mode" }
  | { kind: "fact"; variants: string[] }
);

/** An order that cannot be carried out; the message is the reason. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

/**
 * The differences between the languages: the file's extension, the beginning of a comment, the indentation of the server's own code, the
 * text before `buggy` in a setup, and the commands that run a server in a setup and by hand.
 */
const LANGUAGES = {
  node: {
    ending: "ts",
    comment: "//",
    indent: "  ",
    program: (id: string) => `${id}/`,
    server: (program: string) => `\`${program} --port 8080\``,
    serve: (id: string, name: string) => `npx lastack serve ${id}/${name} --port 8080`,
  },
  python: {
    ending: "py",
    comment: "#",
    indent: "        ",
    program: () => "",
    server: (program: string) => `{ run: \`python3 {here}/${program}.py 8080\`, listens: 8080 }`,
    serve: (id: string, name: string) => `python3 servers/${id}/${name}.py 8080`,
  },
} as const;

/** The files of a new experiment, by their path from the project's folder. Throws OrderError for invalid names. */
export function skeleton(order: Order): Map<string, string> {
  checkName(order.id, "id");
  return new Map(order.kind === "fact" ? factFiles(order) : failureModeFiles(order));
}

function failureModeFiles({ id, language }: Order): [string, string][] {
  const { ending, program, server, serve } = LANGUAGES[language];
  const words = {
    id,
    title: titleOf(id),
    ending,
    program: program(id),
    server: server("${program}"),
    serve: serve(id, "buggy"),
  };
  const bug = `The bug: ${HALF_DONE}. The two servers differ only in this, and in comments: their diff is the lesson.`;
  const fix = `${HALF_DONE}: the line that fixes it, with the comment "the fix" after it.`;
  return [
    [`experiments/${id}/experiment.ts`, fill(template("failure-mode/experiment.ts"), words)],
    [`experiments/${id}/advice.ts`, fill(template("failure-mode/advice.ts"), words)],
    [`experiments/${id}/README.md`, fill(template("failure-mode/README.md"), words)],
    [`servers/${id}/buggy.${ending}`, serverText(language, `What is wrong: ${HALF_DONE}.`, bug)],
    [`servers/${id}/fixed.${ending}`, serverText(language, `What is right: ${HALF_DONE}.`, fix)],
  ];
}

function factFiles({ id, language, variants: names }: Extract<Order, { kind: "fact" }>): [string, string][] {
  if (names.length < 2) throw new OrderError("a fact needs two or more variants, named by their difference");
  for (const name of names) checkName(name, "variant");
  if (new Set(names).size < names.length) throw new OrderError("two variants have the same name");
  const { ending, program, server, serve } = LANGUAGES[language];
  const variants = names.map((name) =>
    // A name of one word needs no quotes, and the formatter removes them.
    fill(template("fact/variant.ts"), { variant: name.includes("-") ? `"${name}"` : name }),
  );
  const words = {
    id,
    title: titleOf(id),
    variants: variants.join(""),
    server: server(`${program(id)}server`),
    serve: serve(id, "server"),
  };
  return [
    [`experiments/${id}/experiment.ts`, fill(template("fact/experiment.ts"), words)],
    [`experiments/${id}/README.md`, fill(template("fact/README.md"), words)],
    [`servers/${id}/server.${ending}`, serverText(language)],
  ];
}

/** The text of a server. `what`: a comment that says what is wrong or right in it; `line`: a comment at the code that differs. */
function serverText(language: Language, what?: string, line?: string): string {
  const { ending, comment, indent } = LANGUAGES[language];
  return fill(template(`server.${ending}`), {
    what: what === undefined ? "" : `${comment} ${what}\n`,
    line: line === undefined ? "" : `${indent}${comment} ${line}\n`,
  });
}

function checkName(name: string, what: string): void {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) return;
  throw new OrderError(
    `the ${what} "${name}" is not kebab case: lower-case words joined by "-", as in close-wait-leak`,
  );
}

/** `close-wait-leak` -> `Close wait leak`: a first title, to be improved by hand. */
function titleOf(id: string): string {
  return id.slice(0, 1).toUpperCase() + id.slice(1).replaceAll("-", " ");
}

function template(name: string): string {
  return readFileSync(new URL(`skeleton/${name}.txt`, import.meta.url), "utf8");
}

function fill(text: string, words: Record<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (blank, word: string) => words[word] ?? blank);
}
