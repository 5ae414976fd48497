import { parseArgs } from "node:util";
import { parseTarget } from "./target.ts";
import { CLOSES, contradiction, PLAN_FIGURES, readFigure, REPORTS } from "../../harness/load/plan.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { Flag, Said } from "./said.ts";

const FLAGS = ["to", "close", "report", ...Object.values(PLAN_FIGURES).map(({ flag }) => flag)];

/** The options of a command line: a plan, and the values of the protocol's flags, not yet parsed. */
interface Asked {
  plan: ClientPlan;
  said: Said;
}

/**
 * Parses a command line; `help` if it asks for help. Throws an Error with one sentence for the user when a flag is unknown, missing
 * or out of bounds, or when two flags contradict each other. `keepOpen` says whether the client's connections can carry more than
 * one attempt. The address itself is not checked here.
 */
export function readOptions(
  args: string[],
  { keepOpen, flags: own }: { keepOpen: boolean; flags: Flag[] },
): Asked | "help" {
  const flags = parse(args, own);
  if (flags["help"] === true) return "help";
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  const figure = (name: keyof typeof PLAN_FIGURES): number => readFigure(name, text(PLAN_FIGURES[name].flag));
  const durationMs = figure("durationMs");
  const plan: ClientPlan = {
    to: readTarget(text("to")),
    close: readOneOf("close", CLOSES, text("close")),
    report: readOneOf("report", REPORTS, text("report")),
    open: flags["open"] === true,
    atSignal: flags["at-signal"] === true,
    attempts: figure("attempts"),
    durationMs,
    warmUpMs: figure("warmUpMs"),
    ratePerSecond: figure("ratePerSecond"),
    concurrency: figure("concurrency"),
    threads: figure("threads"),
    requestsPerConnection: figure("requestsPerConnection"),
    timeoutMs: figure("timeoutMs"),
    holdMs: figure("holdMs"),
    delayMs: figure("delayMs"),
    withinMs: figure("withinMs"),
  };
  // The default of --within-ms limits the time after the load.
  if (text("within-ms") === undefined && durationMs !== Infinity) plan.withinMs += durationMs;
  const wrong = contradiction(plan) ?? misplaced(plan, keepOpen);
  if (wrong !== null) throw new Error(wrong);
  return { plan, said: Object.fromEntries(own.map(({ flag }) => [flag, listOf(flags[flag])])) };
}

function misplaced(plan: ClientPlan, keepOpen: boolean): string | null {
  if (keepOpen || plan.requestsPerConnection === Infinity) return null;
  return "--requests-per-connection is for the long clients: here every connection carries one request";
}

/** The target of a plan as text: `127.0.0.1:8080`, `[::1]:8080`. */
export function targetText({ address, port }: ClientPlan["to"]): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

type Flags = Record<string, string | boolean | (string | boolean)[] | undefined>;

function parse(args: string[], own: Flag[]): Flags {
  const strings = Object.fromEntries(FLAGS.map((flag) => [flag, { type: "string" as const }]));
  const saying = Object.fromEntries(
    own.map(({ flag, placeholder }) => [
      flag,
      placeholder === null ? { type: "boolean" as const } : { type: "string" as const, multiple: true },
    ]),
  );
  const booleans = {
    open: { type: "boolean" },
    "at-signal": { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args, options: { ...strings, ...saying, ...booleans } }).values;
  } catch (error) {
    // The first line of Node's message names the flag. The other lines explain Node's conventions.
    throw new Error(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error), {
      cause: error,
    });
  }
}

function listOf(value: Flags[string]): string[] {
  if (value === true) return [""];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function readTarget(text: string | undefined): ClientPlan["to"] {
  const wanted = "--to takes ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080";
  if (text === undefined) throw new Error(`${wanted}, and is missing`);
  const target = parseTarget(text);
  if (target !== null) return target;
  throw new Error(`${wanted}, not ${JSON.stringify(text)}`);
}

/** One of a few words; the first is the default. */
function readOneOf<Word extends string>(
  flag: string,
  words: readonly [Word, ...Word[]],
  text = words[0] as string,
): Word {
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new Error(`--${flag} takes one of ${words.join(", ")}, not ${JSON.stringify(text)}`);
}
