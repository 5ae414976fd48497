import { parseArgs, type ParseArgsConfig } from "node:util";
import { PageError } from "./page-error.ts";

/** A command whose output is in the committed recordings. */
export type PageCommand =
  | { kind: "run"; ids: string[]; all: boolean; variant: string | undefined; verbose: boolean }
  | { kind: "report" | "judge"; recordings: string[]; verbose: boolean }
  | { kind: "ladder"; recordings: string[]; connection: number | undefined; link: number | undefined }
  | { kind: "ends"; recordings: string[] }
  | { kind: "claims"; ids: string[]; verbose: boolean; language: "en" | "zh" };

/** The folder of committed recordings, as on a command line. */
const REFERENCE = "results/reference/";
/** Options of a run whose output is in no recording: `--hold` stops the run, `--json` prints no text. */
const LIVE = ["hold", "pcap", "json", "repeat", "out", "jobs"];

const SWITCH = { type: "boolean" } as const;
const TEXT = { type: "string" } as const;
const OPTIONS = {
  run: Object.fromEntries([
    ...["all", "verbose", "hold", "pcap", "json"].map((name) => [name, SWITCH]),
    ...["variant", "repeat", "out", "jobs"].map((name) => [name, TEXT]),
  ]) as Record<string, typeof SWITCH | typeof TEXT>,
  report: { ladder: SWITCH, ends: SWITCH, connection: TEXT, link: TEXT, verbose: SWITCH, json: SWITCH },
  judge: { verbose: SWITCH, json: SWITCH },
  claims: { run: SWITCH, verbose: SWITCH, lang: TEXT, json: SWITCH, out: TEXT, jobs: TEXT },
} satisfies Record<string, ParseArgsConfig["options"]>;

/**
 * Parses a command line of a page, without its `$ `. null when its output is in no committed recording: another program, `serve` or a
 * similar command, an experiment file, or a recording of the reader's own. Throws a PageError for an unknown option.
 */
export function commandOf(line: string): PageCommand | null {
  const [npx, lastack, name = "", ...args] = line.trim().split(/\s+/);
  if (npx !== "npx" || lastack !== "lastack" || /[|;&<>]/.test(line) || !(name in OPTIONS)) return null;
  const { values, words } = parse(line, args, OPTIONS[name as keyof typeof OPTIONS]);
  if (Object.keys(values).some((option) => LIVE.includes(option))) return null;
  const verbose = values["verbose"] === true;
  if (name === "run") {
    if (words.some((word) => /\.(ts|js|mjs)$/.test(word))) return null;
    return {
      kind: "run",
      ids: words,
      all: values["all"] === true,
      variant: text(values["variant"]),
      verbose,
    };
  }
  if (name === "claims") {
    return { kind: "claims", ids: words, verbose, language: values["lang"] === "zh" ? "zh" : "en" };
  }
  if (!words.every((word) => word.startsWith(REFERENCE) && word.endsWith(".ndjson"))) return null;
  if (values["ends"] === true) return { kind: "ends", recordings: words };
  if (values["ladder"] !== true)
    return { kind: name === "judge" ? "judge" : "report", recordings: words, verbose };
  return {
    kind: "ladder",
    recordings: words,
    connection: number(values["connection"]),
    link: number(values["link"]),
  };
}

function parse(
  line: string,
  args: string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): { values: Record<string, unknown>; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values, words: positionals };
  } catch (error) {
    throw new PageError(`\`${line}\`: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
