import { parseArgs } from "node:util";
import { CLOSES, PLAN_FIGURES, readFigure } from "../../harness/load/plan.ts";
import type { ClientPlan, Close } from "../../harness/load/plan.ts";

const FLAGS = ["to", "close", ...Object.values(PLAN_FIGURES).map(({ flag }) => flag)];

/**
 * The plan that a command line asks for, or `help`. Throws an Error with one sentence for the user when a flag is
 * unknown, missing or out of bounds. Whether the address can be reached, or is one, is not looked at here.
 */
export function readOptions(args: string[]): ClientPlan | "help" {
  const flags = parse(args);
  if (flags["help"] === true) return "help";
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  const figure = (name: keyof typeof PLAN_FIGURES): number => readFigure(name, text(PLAN_FIGURES[name].flag));
  return {
    to: readTarget(text("to")),
    close: readClose(text("close")),
    attempts: figure("attempts"),
    ratePerSecond: figure("ratePerSecond"),
    concurrency: figure("concurrency"),
    timeoutMs: figure("timeoutMs"),
    holdMs: figure("holdMs"),
    withinMs: figure("withinMs"),
  };
}

/** The target of a plan as one writes it: `127.0.0.1:8080`, `[::1]:8080`. */
export function targetText({ address, port }: ClientPlan["to"]): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function parse(args: string[]): Record<string, string | boolean | undefined> {
  const strings = Object.fromEntries(FLAGS.map((flag) => [flag, { type: "string" as const }]));
  try {
    return parseArgs({ args, options: { ...strings, help: { type: "boolean" } } }).values;
  } catch (error) {
    // Node's own sentences say which flag; those after the first line are about its conventions.
    throw new Error(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error), {
      cause: error,
    });
  }
}

function readTarget(text: string | undefined): ClientPlan["to"] {
  const wanted = "--to takes ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080";
  if (text === undefined) throw new Error(`${wanted}, and is missing`);
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const address = match?.["v6"] ?? match?.["v4"];
  const port = Number(match?.["port"]);
  if (address !== undefined && port >= 1 && port <= 65_535) return { address, port };
  throw new Error(`${wanted}, not ${JSON.stringify(text)}`);
}

function readClose(text: string | undefined): Close {
  if (text === undefined) return "client";
  const close = CLOSES.find((one) => one === text);
  if (close !== undefined) return close;
  throw new Error(`--close takes one of ${CLOSES.join(", ")}, not ${JSON.stringify(text)}`);
}
