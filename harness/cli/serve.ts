import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compiled, programFile } from "../lab/paths.ts";
import type { Variant } from "../model/experiment.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { suggest } from "../recording/suggest.ts";
import { shortPath } from "./terminal.ts";

const help = `lastack serve - run a reference server on loopback, in the foreground

Usage: lastack serve ID/VARIANT [--port N] [-- ARGUMENTS OF THE PROGRAM]

  --port N    the port to listen on (default 8080)

The server listens on 127.0.0.1 only. Ctrl+C stops it. The words after -- are passed to it unchanged.

Examples:
  lastack serve close-wait-leak/buggy --port 8080
  lastack serve forked-child-holds-connection/buggy -- --holder parent --first client`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const split = args.indexOf("--");
    const own = split < 0 ? args : args.slice(0, split);
    const passed = split < 0 ? [] : args.slice(split + 1);
    const { values, positionals } = parseOptions(own, { port: { type: "string", default: "8080" } });
    const [program] = positionals;
    if (program === undefined || positionals.length > 1) throw new UsageError("serve takes one ID/VARIANT.");
    const port = wholeNumber(values.port, "--port", 1, 65_535);
    const known = await servers();
    if (!known.includes(program)) {
      const file = compiled(`servers/${program}.js`);
      const hint = existsSync(file)
        ? ` It is a client: run it with "node ${shortPath(file)}".`
        : suggest(program, known);
      throw new UsageError(`There is no server ${program}.${hint} The servers are:\n  ${known.join("\n  ")}`);
    }
    // The server runs in this same process: the pid below is the server's pid, and signals reach it directly.
    const file = programFile(program, process.cwd());
    process.argv = [process.execPath, file, "--port", String(port), "--host", "127.0.0.1", ...passed];
    terminal.err(`${program} on 127.0.0.1:${port}, pid ${process.pid}. Ctrl+C ends it.`);
    process.once("uncaughtException", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      terminal.err(
        `lastack: port ${port} is in use ("ss -ltnp sport = :${port}" shows the process). Choose another with --port.`,
      );
      process.exit(EXIT.unavailable);
    });
    dieWithNpm("SIGTERM");
    await import(pathToFileURL(file).href);
    return EXIT.clean;
  },
};

/** All programs that setups of the catalogue run as servers. */
async function servers(): Promise<string[]> {
  const setups = (await loadCatalogue()).flatMap(({ experiment }) =>
    Object.values(experiment.variants as Record<string, Variant>).map((variant) => variant.setup),
  );
  const plans = setups.flatMap((setup) => Object.values(setup.programs));
  const words = plans.filter(({ role }) => role === "server").map(({ run: [program] }) => program);
  return [...new Set(words.filter((word) => word.includes("/")))].toSorted();
}
