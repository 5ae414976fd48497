import { existsSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { packageRoot } from "../../harness/lab/paths.ts";
import { choiceOf } from "../../harness/runs/choice.ts";

/** What examples can name. */
export interface Existing {
  /** The help text of each command. */
  help: Map<string, string>;
  /** ID/VARIANT of every trial of the catalogue. */
  trials: string[];
  servers: string[];
  claims: string[];
}

/** The names that stand for what is the user's own, and the experiment that the tutorial of docs/experiment.md makes. */
const OWN = /^(?:mine|recording|run|id|waits-behind-another)$/i;

/** What an example names that does not exist, in a sentence; null when all exists. `words`: a command line without `lastack`. */
export function exampleFault(words: string[], existing: Existing): string | null {
  const [command = "", ...rest] = words;
  if (command.startsWith("-")) return null;
  const help = existing.help.get(command);
  if (help === undefined) return `there is no command ${command}`;
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length;
  const own = rest.slice(0, end);
  const usage = help.split("\nExamples:")[0] ?? "";
  const option = own.find((word) => word.startsWith("--") && !isOption(word, usage));
  if (option !== undefined) return `${command} has no option ${option}`;
  const named = own.filter((word, nth) => !word.startsWith("-") && !takesValue(own[nth - 1], usage));
  const wrong = named.find((word) => !exists(word, command, existing));
  return wrong === undefined ? variantFault(own, named, existing) : `${wrong} does not exist`;
}

const isOption = (word: string, usage: string): boolean =>
  word === "--help" || new RegExp(`(?:^|[\\s[|])${word.split("=")[0]}(?![\\w-])`, "m").test(usage);

/** Whether the help describes an option with a value: `--port N`. */
const takesValue = (word: string | undefined, usage: string): boolean =>
  word !== undefined &&
  word.startsWith("--") &&
  new RegExp(`^  ${word} (?:[A-Z]|'|en\\|zh)`, "m").test(usage);

function exists(word: string, command: string, { trials, servers, claims }: Existing): boolean {
  switch (command) {
    case "run":
      return word === "..." || isTrial(word, trials);
    case "serve":
      return servers.includes(word);
    case "claims":
      return claims.includes(word) || OWN.test(word);
    case "judge":
    case "report":
      return isRecording(word, trials);
    default:
      return true;
  }
}

/** An id, a glob of ids or a file of the user, each with or without a variant. */
function isTrial(word: string, trials: string[]): boolean {
  const { name, isFile, variant } = choiceOf(word);
  if (OWN.test(name.replaceAll(/^.*\/|\.\w+$/g, ""))) return true;
  if (isFile) return existsSync(join(packageRoot, name));
  const matches = picomatch(`${name}/${variant ?? "*"}`);
  return trials.some((trial) => matches(trial));
}

/** A committed recording, or a path of a run's folder whose experiment and variant exist. `2026-11-21T05-44-23Z` stands for any run. */
function isRecording(word: string, trials: string[]): boolean {
  if (word.startsWith("results/reference/")) return existsSync(join(packageRoot, word));
  const [, below = ""] = /^results\/runs\/[^/]+(?:\/(.*))?$/.exec(word) ?? [word, word];
  if (below === "" || OWN.test(below.replaceAll(/^.*\/|\.\w+$/g, "")) || /^(?:mine|\*)\//.test(below))
    return true;
  return isTrial(below.replace(/(?:\.\*)?\.ndjson$/, ""), trials) || word.endsWith(".ts");
}

/** --variant V must be a variant of the experiments beside it. */
function variantFault(own: string[], named: string[], { trials }: Existing): string | null {
  const wanted = own.filter((_, nth) => own[nth - 1] === "--variant");
  const ids = named.map((word) => choiceOf(word)).filter(({ isFile }) => !isFile);
  const matches = picomatch(ids.map(({ name }) => `${name}/*`));
  const wrong = wanted.find(
    (variant) =>
      ids.length > 0 &&
      !ids.some(({ name }) => OWN.test(name)) &&
      !trials.some((trial) => matches(trial) && trial.endsWith(`/${variant}`)),
  );
  return wrong === undefined ? null : `no experiment of the example has a variant ${wrong}`;
}
