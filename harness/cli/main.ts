#!/usr/bin/env node
import { readFileSync } from "node:fs";
import type { Command } from "./command.ts";
import { InputError, UnavailableError, UsageError } from "../runs/errors.ts";
import { EXIT } from "./exit.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

interface Known {
  summary: string;
  load: () => Promise<{ command: Command }>;
}

/** Each command's module is loaded only when that command runs: `lastack --help` must not load the laboratory. */
const COMMANDS = new Map<string, Known>([
  ["run", { summary: "run experiments and report each verdict", load: () => import("./run.ts") }],
  ["list", { summary: "list the experiments of the catalogue", load: () => import("./list.ts") }],
  [
    "serve",
    { summary: "run a reference server on loopback, in the foreground", load: () => import("./serve.ts") },
  ],
  [
    "claims",
    {
      summary: "settle on this kernel what teaching documents say about TCP",
      load: () => import("./claims.ts"),
    },
  ],
  [
    "load",
    {
      summary: "put load on a server; report latency, and what the kernel did meanwhile",
      load: () => import("./load.ts"),
    },
  ],
  ["judge", { summary: "judge recordings again", load: () => import("./judge.ts") }],
  [
    "report",
    {
      summary: "print a run's figures again, or one connection as a ladder",
      load: () => import("./report.ts"),
    },
  ],
  [
    "compare",
    {
      summary: "compare keep-alive, short connections and N requests per connection",
      load: () => import("./compare.ts"),
    },
  ],
  ["census", { summary: "count sockets by state, side, queue and timer", load: () => import("./census.ts") }],
  [
    "part",
    {
      summary: "run one part of a trial whose hosts are containers",
      load: () => import("./part.ts"),
    },
  ],
  [
    "preflight",
    {
      summary: "print what this machine allows, and how to get what is missing",
      load: () => import("./preflight.ts"),
    },
  ],
]);

const HELP = `lastack - a laboratory for the life of a TCP connection

Usage: lastack COMMAND [OPTIONS]
       lastack COMMAND --help

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join("\n")}

Exit codes: 0 confirmed or clean, 1 refuted or a finding, 2 inconclusive, 64 wrong usage,
69 something is missing on this machine, 70 a fault in lastack itself, 130 stopped by Ctrl+C

Examples:
  lastack run                               run the tour: five experiments in half a minute
  lastack run close-wait-leak --hold        stop at the symptom, to inspect it with other tools
  lastack serve close-wait-leak/buggy       run the buggy server on port 8080
  lastack load http://127.0.0.1:8080/       put load on a server; the report says whether the run is valid
  lastack census --port 8080 --watch        show the sockets' states at both ends, live`;

async function main(args: string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.out(HELP);
    return name === undefined ? EXIT.usage : EXIT.clean;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(version());
    return EXIT.clean;
  }
  const known = COMMANDS.get(name);
  if (known === undefined) {
    const { suggest } = await import("../recording/suggest.ts");
    throw new UsageError(
      `There is no command ${name}.${suggest(name, [...COMMANDS.keys()])} "lastack --help" lists all commands.`,
    );
  }
  const { command } = await known.load();
  // The words after -- belong to another program.
  const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (own.includes("--help") || own.includes("-h")) {
    terminal.out(command.help);
    return EXIT.clean;
  }
  return command.run(rest, terminal);
}

function version(): string {
  // This file runs from dist/harness/cli/ or from harness/cli/: package.json is three or two folders up.
  for (const above of ["../../../package.json", "../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8")) as { version: string })
        .version;
    } catch {
      // package.json is not there: try the next path.
    }
  }
  return "unknown";
}

function failed(error: unknown, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`lastack: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    terminal.err(`lastack: ${error.message}`);
    return EXIT.inconclusive;
  }
  if (error instanceof UnavailableError) {
    terminal.err(error.message);
    return EXIT.unavailable;
  }
  terminal.err(
    `lastack: this is a fault in lastack itself; please report it.\n${error instanceof Error ? error.stack : String(error)}`,
  );
  return EXIT.ownFault;
}

const terminal = openTerminal();
process.exitCode = await main(process.argv.slice(2), terminal).catch((error: unknown) =>
  failed(error, terminal),
);
