import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compiled, programFile } from "../lab/paths.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { ONLY_IN_A_LAB, serversOf } from "../runs/servers.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { EXIT, leave, whenIdle } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { suggest } from "../recording/suggest.ts";
import { endpointOf, shownEndpoint } from "./serve/endpoint.ts";
import { howItEnded } from "./serve/ending.ts";
import { whenReady } from "./serve/ready.ts";
import { shortPath } from "./terminal.ts";

const help = `lastack serve - run a reference server on loopback, in the foreground

Usage: lastack serve ID/VARIANT [--port N] [-- ARGUMENTS OF THE PROGRAM]
       lastack serve --list

  --port N    the port to listen on (default 8080)
  --list      print the names of all servers

The server listens on 127.0.0.1 only, unless a --host among the words after -- names another address.
Ctrl+C stops it. The words after -- are passed to it unchanged.

Examples:
  lastack serve --list
  lastack serve close-wait-leak/buggy --port 8080
  lastack serve forked-child-holds-connection/buggy -- --holder parent --first client`;

const OPTIONS = {
  port: { type: "string" },
  list: { type: "boolean", default: false },
} as const;

const ALL_SERVERS = '"lastack serve --list" lists all servers.';

export const command: Command = {
  help,
  async run(args, terminal) {
    const split = args.indexOf("--");
    const own = split < 0 ? args : args.slice(0, split);
    const passed = split < 0 ? [] : args.slice(split + 1);
    const { values, positionals } = parseOptions(own, OPTIONS);
    if (values.list) {
      if (values.port !== undefined || positionals.length > 0 || split >= 0)
        throw new UsageError("--list prints the names of all servers, and takes nothing else.");
      terminal.out(serversOf(await loadCatalogue()).join("\n"));
      return EXIT.clean;
    }
    const [program] = positionals;
    if (program === undefined || positionals.length > 1) {
      throw new UsageError(`serve takes one ID/VARIANT. ${ALL_SERVERS}`);
    }
    const port = wholeNumber(values.port ?? "8080", "--port", 1, 65_535);
    const known = serversOf(await loadCatalogue());
    if (!known.includes(program)) throw new UsageError(noServer(program, known));
    // The server runs in this same process: the pid below is the server's pid, and signals reach it directly.
    const file = programFile(program, process.cwd());
    const words = ["--port", String(port), "--host", "127.0.0.1", ...passed];
    process.argv = [process.execPath, file, ...words];
    const endpoint = endpointOf(words);
    whenReady((listening) => {
      const where = shownEndpoint({ ...endpoint, port: listening });
      terminal.err(`${program} on ${where}, pid ${process.pid}. Ctrl+C ends it.`);
    });
    const ended = (error: unknown): never => {
      const { code, text } = howItEnded(error, program, endpoint);
      terminal.err(`lastack: ${text}`);
      leave(code);
    };
    process.once("uncaughtException", ended);
    dieWithNpm("SIGTERM");
    await import(pathToFileURL(file).href).catch(ended);
    await whenIdle();
    return EXIT.clean;
  },
};

/** The sentences for a word that names no server: what it names instead, or the nearest name. */
function noServer(word: string, known: string[]): string {
  const [id = ""] = word.split("/");
  if (ONLY_IN_A_LAB.includes(word)) {
    return `${word} changes the firewall or the sysctls where it runs, so it runs only in a lab: lastack run ${id}`;
  }
  const file = compiled(`servers/${word}.js`);
  if (word.includes("/") && existsSync(file)) {
    return `${word} is a client, not a server: run it with "node ${shortPath(file)}".`;
  }
  const ofExperiment = known.filter((name) => name.startsWith(`${id}/`));
  const names = ofExperiment.length > 0 ? ` ${id} has: ${ofExperiment.join(", ")}.` : "";
  const near = word === id && names !== "" ? "" : suggest(word, known);
  return `There is no server ${JSON.stringify(word)}.${near}${names} ${ALL_SERVERS}`;
}
