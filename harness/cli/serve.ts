import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compiled, programFile } from "../lab/paths.ts";
import type { Variant } from "../model/experiment.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { suggest } from "../runs/suggest.ts";
import { shortPath } from "./terminal.ts";

const help = `lastack serve - a reference server in the foreground, on loopback

Usage: lastack serve ID/VARIANT [--port N] [-- ARGUMENTS OF THE PROGRAM]

  --port N    the port to listen on (default 8080)

It listens on 127.0.0.1 only and ends with Ctrl+C. What follows -- goes to the program as it is.

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
      throw new UsageError(`There is no server ${program}.${hint} There are:\n  ${known.join("\n  ")}`);
    }
    // The program takes this very process: its pid is the server's, and a signal reaches it and nobody in between.
    const file = programFile(program, process.cwd());
    process.argv = [process.execPath, file, "--port", String(port), "--host", "127.0.0.1", ...passed];
    terminal.err(`${program} on 127.0.0.1:${port}, pid ${process.pid}. Ctrl+C ends it.`);
    process.once("uncaughtException", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      terminal.err(
        `lastack: port ${port} is taken ("ss -ltnp sport = :${port}" says by whom): choose another with --port.`,
      );
      process.exit(EXIT.unavailable);
    });
    dieWithNpm("SIGTERM");
    await import(pathToFileURL(file).href);
    return EXIT.clean;
  },
};

/** Every program that a setup of the catalogue runs as a server. */
async function servers(): Promise<string[]> {
  const setups = (await loadCatalogue()).flatMap(({ experiment }) =>
    Object.values(experiment.variants as Record<string, Variant>).map((variant) => variant.setup),
  );
  const plans = setups.flatMap((setup) => Object.values(setup.programs));
  const words = plans.filter(({ role }) => role === "server").map(({ run: [program] }) => program);
  return [...new Set(words.filter((word) => word.includes("/")))].toSorted();
}
