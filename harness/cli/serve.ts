import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compiled, nodeArguments, programFile } from "../lab/paths.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT, UsageError } from "./exit.ts";
import { suggest } from "./suggest.ts";

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
    if (!existsSync(compiled(`servers/${program}.js`))) {
      const known = programs();
      throw new UsageError(`There is no program ${program}.${suggest(program, known)} There are:\n  ${known.join("\n  ")}`);
    }
    const file = programFile(program, process.cwd());
    const child = spawn(
      process.execPath,
      [...nodeArguments(file), "--port", String(port), "--host", "127.0.0.1", ...passed],
      { stdio: "inherit" },
    );
    terminal.err(`${program} on 127.0.0.1:${port}, pid ${child.pid}. Ctrl+C ends it.`);
    // At a terminal Ctrl+C reaches the server itself; a signal to this process alone is passed on.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    return new Promise((resolve) => {
      child.on("close", (code, signal) => resolve(signal === "SIGINT" ? EXIT.interrupted : (code ?? EXIT.finding)));
    });
  },
};

function programs(): string[] {
  const folder = compiled("servers");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith(".js"))
        .map((file) => `${name}/${file.slice(0, -3)}`),
    )
    .toSorted();
}
