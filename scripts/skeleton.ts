import { readFileSync } from "node:fs";

/** Stands wherever the skeleton wants something written. What still has it is half-done, and tests refuse it. */
export const HALF_DONE = "HALF-DONE";

/** What a new experiment is to be. `variants` are only a fact's; a failure mode has buggy and fixed. */
export type Order = { id: string; kind: "failure-mode" } | { id: string; kind: "fact"; variants: string[] };

/** An order that cannot be carried out, and why. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

/** The files of a new experiment, by their path from the project's folder. Throws OrderError for names that will not do. */
export function skeleton(order: Order): Map<string, string> {
  checkName(order.id, "id");
  const words = { id: order.id, title: titleOf(order.id) };
  const page = (kind: Order["kind"], file: string): string => fill(template(`${kind}/${file}`), words);
  const experiment = `experiments/${order.id}`;
  const servers = `servers/${order.id}`;
  if (order.kind === "failure-mode") {
    return new Map([
      [`${experiment}/experiment.ts`, page("failure-mode", "experiment.ts")],
      [`${experiment}/README.md`, page("failure-mode", "README.md")],
      [`${servers}/buggy.ts`, page("failure-mode", "buggy.ts")],
      [`${servers}/fixed.ts`, page("failure-mode", "fixed.ts")],
    ]);
  }
  if (order.variants.length < 2)
    throw new OrderError("a fact needs two variants or more, named after what differs");
  for (const variant of order.variants) checkName(variant, "variant");
  if (new Set(order.variants).size < order.variants.length)
    throw new OrderError("two variants have the same name");
  const variants = order.variants.map((variant) =>
    // A name of one word needs no quotes, and the formatter wants none.
    fill(template("fact/variant.ts"), { variant: variant.includes("-") ? `"${variant}"` : variant }),
  );
  return new Map([
    [`${experiment}/experiment.ts`, fill(page("fact", "experiment.ts"), { variants: variants.join("") })],
    [`${experiment}/README.md`, page("fact", "README.md")],
    [`${servers}/server.ts`, page("fact", "server.ts")],
  ]);
}

function checkName(name: string, what: string): void {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) return;
  throw new OrderError(
    `the ${what} "${name}" is not kebab case: lower-case words joined by "-", as in close-wait-leak`,
  );
}

/** `close-wait-leak` -> `Close wait leak`: a beginning, to be improved by hand. */
function titleOf(id: string): string {
  return id.slice(0, 1).toUpperCase() + id.slice(1).replaceAll("-", " ");
}

function template(name: string): string {
  return readFileSync(new URL(`skeleton/${name}.txt`, import.meta.url), "utf8");
}

function fill(text: string, words: Record<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (blank, word: string) => words[word] ?? blank);
}
