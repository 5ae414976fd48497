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

/** Loaded only when asked for: a help text must not cost the loading of a laboratory. */
const COMMANDS = new Map<string, Known>([
  ["run", { summary: "run experiments and say which failure mode it was", load: () => import("./run.ts") }],
  ["list", { summary: "the catalogue, a line each", load: () => import("./list.ts") }],
  [
    "serve",
    { summary: "a reference server in the foreground, on loopback", load: () => import("./serve.ts") },
  ],
  [
    "claims",
    {
      summary: "what teaching documents say about TCP, settled on this kernel",
      load: () => import("./claims.ts"),
    },
  ],
  [
    "load",
    {
      summary: "load on a server, with honest latency and the kernel's side of it",
      load: () => import("./load.ts"),
    },
  ],
  ["judge", { summary: "judge a recording again", load: () => import("./judge.ts") }],
  [
    "report",
    {
      summary: "look again at a run: its figures, or a connection as a ladder",
      load: () => import("./report.ts"),
    },
  ],
  [
    "compare",
    {
      summary: "keep-alive against short connections, with intervals, in sentences",
      load: () => import("./compare.ts"),
    },
  ],
  ["census", { summary: "sockets by state, side, queue and timer", load: () => import("./census.ts") }],
  [
    "part",
    {
      summary: "a part of a trial whose hosts are containers",
      load: () => import("./part.ts"),
    },
  ],
  [
    "preflight",
    {
      summary: "what this machine allows, and what to do about the rest",
      load: () => import("./preflight.ts"),
    },
  ],
]);

const HELP = `lastack - a laboratory for the life of a TCP connection

Usage: lastack COMMAND [OPTIONS]        lastack COMMAND --help tells more

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join("\n")}

Exit codes: 0 confirmed or clean, 1 refuted or a finding, 2 inconclusive, 64 wrong usage,
69 the machine lacks something, 70 lastack's own fault, 130 stopped by Ctrl+C

Examples:
  lastack run                               the tour: five experiments, half a minute
  lastack run close-wait-leak --hold        stop at the symptom and look around
  lastack serve close-wait-leak/buggy       the buggy server, by hand, on port 8080
  lastack load http://127.0.0.1:8080/       load on a server, and whether to believe the figures
  lastack census --port 8080 --watch        the states at both ends, live`;

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
    const { suggest } = await import("../runs/suggest.ts");
    throw new UsageError(
      `There is no command ${name}.${suggest(name, [...COMMANDS.keys()])} "lastack --help" lists them.`,
    );
  }
  const { command } = await known.load();
  // What follows -- is another program's.
  const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (own.includes("--help") || own.includes("-h")) {
    terminal.out(command.help);
    return EXIT.clean;
  }
  return command.run(rest, terminal);
}

function version(): string {
  // From dist/harness/cli/ and from harness/cli/ alike, package.json is the first one above.
  for (const above of ["../../../package.json", "../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8")) as { version: string })
        .version;
    } catch {
      // Not there: the next.
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
    `lastack: this is a fault of lastack's own, please report it.\n${error instanceof Error ? error.stack : String(error)}`,
  );
  return EXIT.ownFault;
}

const terminal = openTerminal();
process.exitCode = await main(process.argv.slice(2), terminal).catch((error: unknown) =>
  failed(error, terminal),
);
