import { relative } from "node:path";
import { isatty } from "node:tty";
import picocolors from "picocolors";
import { wrap } from "../report/wrap.ts";
import { EXIT, leave } from "./exit.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Writes sentences to standard error; on a terminal in lines of its width. */
  note: (text: string) => void;
  /** Whether results are coloured, and the functions that colour text; without colours they return the text unchanged. */
  colour: boolean;
  colors: Colors;
  /** The width of what is printed for people: the terminal's, at most 100; 80 where there is no terminal. */
  columns: number;
  /** The width of a table's row. Without a terminal a row is whole: a program that reads rows, such as grep, needs them so. */
  rowColumns: number;
  /** Whether standard error can show a live display. */
  live: boolean;
}

const WIDEST = 100;
/** The width where no terminal is, or where the terminal does not say it (0). */
const UNKNOWN_COLUMNS = 80;
/** Narrower, nothing can be read. */
const NARROWEST = 20;

/** This process's terminal. Colours need a terminal on standard output, without NO_COLOR (no-color.org) and without TERM=dumb. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const colour = isatty(stdout.fd) && !plain;
  // A reader that has exited (`lastack list | head -1`) is not an error of lastack. But exit 0 would mean that the results were printed.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") leave(EXIT.readerGone);
    stderr.write(`lastack: cannot write to standard output: ${error.message}\n`, () =>
      leave(EXIT.unavailable),
    );
  });
  // Lines on standard error can get lost: there is no other place to report that.
  stderr.on("error", () => {});
  const columns = Math.max(NARROWEST, Math.min(WIDEST, stdout.columns || UNKNOWN_COLUMNS));
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    note: (text) => void stderr.write(`${isatty(stderr.fd) ? wrap(text, columns).join("\n") : text}\n`),
    colour,
    colors: picocolors.createColors(colour),
    columns,
    rowColumns: isatty(stdout.fd) ? columns : Infinity,
    live: isatty(stderr.fd) && env["TERM"] !== "dumb" && env["CI"] === undefined,
  };
}

/** A path as a user would type it: relative to the working folder when it lies in it, else absolute. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}
