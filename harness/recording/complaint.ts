import type * as z from "zod";
import { suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/**
 * The errors of a schema as sentences: the path, the expected value, and the value found:
 * `phases[0].until.sockets.state: expected ..., but it is "TIMEWAIT"`. The issues must come from a parse with `reportInput`.
 */
export function complaints(error: z.ZodError): string[] {
  return error.issues.map((issue) => complaint(issue, []));
}

function complaint(issue: Issue, above: PropertyKey[]): string {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") {
    const branch = meantBranch(issue.errors);
    const first = branch?.[0];
    if (first !== undefined) return complaint(first, path);
  }
  const where = pathWords(path);
  return where === "" ? reason(issue) : `${where}: ${reason(issue)}`;
}

/** The alternative that the author probably meant: the one with the fewest complaints. null when several have equally few. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const fewest = Math.min(...branches.map((branch) => branch.length));
  const candidates = branches.filter((branch) => branch.length === fewest);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

function reason(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is missing; expected ${article(issue.expected)}`
        : `expected ${article(issue.expected)}, but it is ${shown(issue.input)}`;
    case "unrecognized_keys":
      return issue.message;
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}, but it is ${shown(issue.input)}${meantOf(issue)}`;
    case "too_small":
      return `expected ${limit(issue.inclusive, "at least", "more than")} ${issue.minimum}${ofWhat(issue.origin)}, but it is ${shown(issue.input)}`;
    case "too_big":
      return `expected ${limit(issue.inclusive, "at most", "less than")} ${issue.maximum}${ofWhat(issue.origin)}, but it is ${shown(issue.input)}`;
    case "invalid_union":
      return issue.discriminator === undefined
        ? `${issue.message}, but it is ${shown(issue.input)}${issue.errors.flat().map(meantOf).join("")}`
        : `expected ${alternatives(issue)}, but it is ${shown(discriminated(issue))}`;
    case "invalid_key":
      return "has a key that is empty";
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
    case "custom":
      return issue.message;
  }
}

/** The word that was probably meant by a string that is none of an issue's words: ". Did you mean TIME-WAIT?" */
function meantOf(issue: Issue): string {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return "";
  const near = suggest(issue.input, issue.values.map(String));
  return near === "" ? "" : `.${near}`;
}

function alternatives(issue: Issue & { code: "invalid_union" }): string {
  const options = "options" in issue ? (issue.options ?? []) : [];
  return options.map((option) => JSON.stringify(option)).join(" or ");
}

function discriminated(issue: Issue & { code: "invalid_union" }): unknown {
  const key = "discriminator" in issue ? issue.discriminator : undefined;
  const input = issue.input;
  return key !== undefined && typeof input === "object" && input !== null && key in input
    ? (input as Record<string, unknown>)[key]
    : input;
}

function limit(inclusive: boolean | undefined, within: string, beyond: string): string {
  return inclusive === true ? within : beyond;
}

function ofWhat(origin: string): string {
  if (origin === "array") return " in the list";
  return origin === "string" ? " characters" : "";
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "record") return "an object";
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? typeof value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** `["programs", "load", "args", 0]` -> `programs.load.args[0]`. */
function pathWords(path: PropertyKey[]): string {
  return path
    .map((part, nth) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w-]+$/.test(String(part))) return `[${JSON.stringify(String(part))}]`;
      return nth === 0 ? String(part) : `.${String(part)}`;
    })
    .join("");
}
