import { isatty } from "node:tty";
import { type Census, reportCensus } from "../report/census.ts";
import { EXIT } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

const DRAW_EVERY_MS = 500;
/** The size of a terminal that does not say its size. */
const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/**
 * Shows the census twice a second, until Ctrl+C. On a terminal it is drawn in place and never takes more lines than the terminal has.
 * Elsewhere (a pipe, a file, TERM=dumb) it is printed with the time, without escape codes, whenever it has changed.
 */
export async function watchCensus(look: () => Census, terminal: Terminal): Promise<number> {
  const isDrawn = isatty(process.stdout.fd) && process.env["TERM"] !== "dumb";
  const { draw, done } = isDrawn ? await drawing() : printing(terminal);
  // Before the first output: whoever reads it may press Ctrl+C at once.
  const stopped = new Promise((resolve) => process.once("SIGINT", resolve));
  draw(look());
  const timer = setInterval(() => draw(look()), DRAW_EVERY_MS);
  await stopped;
  clearInterval(timer);
  done();
  return EXIT.interrupted;
}

interface Display {
  draw: (census: Census) => void;
  done: () => void;
}

async function drawing(): Promise<Display> {
  const { createLogUpdate } = await import("log-update");
  const log = createLogUpdate(process.stdout);
  return {
    draw: (census) => {
      const { columns, rows } = { ...UNKNOWN_SIZE, ...sizeNow() };
      // The cursor stands in the line below the text.
      log(reportCensus(census, { columns, rows: rows - 1 }));
    },
    done: () => log.done(),
  };
}

function sizeNow(): { columns?: number; rows?: number } {
  const { columns, rows } = process.stdout;
  return columns > 0 && rows > 0 ? { columns, rows } : {};
}

function printing({ out, rowColumns }: Terminal): Display {
  let last = "";
  return {
    draw: (census) => {
      const text = reportCensus(census, { columns: rowColumns });
      if (text !== last) out(`${last === "" ? "" : "\n"}${new Date().toISOString()}\n${text}`);
      last = text;
    },
    done: () => {},
  };
}
