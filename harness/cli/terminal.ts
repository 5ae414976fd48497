import { relative } from "node:path";
import { isatty } from "node:tty";
import picocolors from "picocolors";
import { EXIT } from "./exit.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether results may carry colours, and the colours: plain functions when not. */
  colour: boolean;
  colors: Colors;
  columns: number;
  /** Whether a live display may be drawn on standard error. */
  live: boolean;
}

const NARROWEST = 60;
const WIDEST = 100;

/** The terminal as it is. Colours only on one, and not with NO_COLOR (no-color.org) or TERM=dumb. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const colour = isatty(stdout.fd) && !plain;
  // A reader that went away (`lastack list | head -1`) is no fault of ours; but a run that was not told is not confirmed.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.readerGone);
    stderr.write(`lastack: standard output does not take what is to be printed: ${error.message}\n`, () =>
      process.exit(EXIT.unavailable),
    );
  });
  // What is said beside the results may be lost: nobody is there to be told of it.
  stderr.on("error", () => {});
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    colour,
    colors: picocolors.createColors(colour),
    columns: Math.max(NARROWEST, Math.min(WIDEST, stdout.columns ?? WIDEST)),
    live: isatty(stderr.fd) && env["TERM"] !== "dumb" && env["CI"] === undefined,
  };
}

/** A path as a user would type it: relative to the working folder when it lies in it, else absolute. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}
