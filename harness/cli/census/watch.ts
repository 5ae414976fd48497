import { isatty } from "node:tty";
import type { Census, CensusBy } from "../../model/census.ts";
import { reportCensus } from "../../report/census.ts";
import { censusLine } from "../../report/census/line.ts";
import { figuresOf } from "../../report/census/watched.ts";
import { Trends, trendStyle } from "../../report/trends.ts";
import { EXIT } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** Rates are told for a second, so a look a second shows them as they are. */
const LOOK_EVERY_MS = 1000;
/** The size of a terminal that does not say its size. */
const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/** What is watched: a census, and the counters of its namespace, now. */
export interface Watched {
  by: CensusBy;
  look: () => Census;
  counters: () => Map<string, number>;
}

/**
 * Looks once a second until Ctrl+C, and then prints the whole last census. On a terminal each look is drawn in place and never takes more
 * lines than the terminal has. Elsewhere (a pipe, a file, TERM=dumb) a look is one line with the time, printed when its sockets or its
 * counters of trouble have changed.
 */
export async function watchCensus(watched: Watched, terminal: Terminal): Promise<number> {
  const isDrawn = isatty(process.stdout.fd) && process.env["TERM"] !== "dumb";
  const trends = new Trends(trendStyle(process.env));
  const { draw, done } = isDrawn ? await drawing(watched.by, trends) : printing(watched.by, trends, terminal);
  // Before the first output: whoever reads it may press Ctrl+C at once. The handler stays: where it is the only one, log-update, which
  // shows the cursor again, would end the process at once.
  const stopped = new Promise((resolve) => process.on("SIGINT", resolve));
  const look = (): Census => {
    const census = watched.look();
    trends.add(figuresOf(census, watched.counters()), performance.now());
    draw(census);
    return census;
  };
  let last = look();
  // A namespace can end with the process that is watched. Then what was seen last is printed, and the error after it.
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      try {
        last = look();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }, LOOK_EVERY_MS);
  });
  try {
    await Promise.race([stopped, failed]);
  } finally {
    clearInterval(timer);
    done();
    terminal.out(reportCensus(last, { by: watched.by, columns: terminal.rowColumns, trends }));
  }
  return EXIT.interrupted;
}

interface Display {
  draw: (census: Census) => void;
  /** Removes what was drawn: the last census is printed instead. */
  done: () => void;
}

async function drawing(by: CensusBy, trends: Trends): Promise<Display> {
  const { createLogUpdate } = await import("log-update");
  const log = createLogUpdate(process.stdout);
  return {
    draw: (census) => {
      const { columns, rows } = { ...UNKNOWN_SIZE, ...sizeNow() };
      // The cursor stands in the line below the text.
      log(reportCensus(census, { by, columns, rows: rows - 1, trends }));
    },
    done: () => {
      log.clear();
      log.done();
    },
  };
}

function sizeNow(): { columns?: number; rows?: number } {
  const { columns, rows } = process.stdout;
  return columns > 0 && rows > 0 ? { columns, rows } : {};
}

function printing(by: CensusBy, trends: Trends, { out }: Terminal): Display {
  let last = "";
  return {
    draw: (census) => {
      const line = censusLine(census, by, trends);
      if (line !== last) out(`${new Date().toISOString()} ${line}`);
      last = line;
    },
    done: () => out(""),
  };
}
