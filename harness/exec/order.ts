import { ONLY_IN_A_LAB } from "../runs/servers.ts";
import { UsageError } from "../runs/errors.ts";
import { ownEnvironment, ownFolder, refuseMissing } from "../runs/own-command.ts";
import { suggest } from "../recording/suggest.ts";
import { wordsOf } from "./words.ts";
import { wireOf } from "./wire-words.ts";
import type { UserPlace } from "../lab/order.ts";
import type { WireWords } from "../model/exec.ts";
import { evilServer, EVIL_SERVERS, FOR_CLIENTS } from "./evil-servers.ts";

/** What runs against what. */
export interface ExecOrder {
  /** The words of the client's command. */
  command: [string, ...string[]];
  user: UserPlace;
  server: ExecServer;
  wire: WireWords;
  /** The longest run of the command, in milliseconds. */
  timeoutMs: number;
}

/** `reference`: a reference server, as ID/VARIANT, and the byte at which it stops. `own`: the user's own, with its port if it listens on several. */
export type ExecServer =
  | { kind: "reference"; name: string; at?: number }
  | { kind: "own"; command: [string, ...string[]]; port?: number };

const DEFAULT_TIMEOUT_MS = 60_000;
/** A server sends no more of an answer than this. */
export const MOST_AT = 1_000_000_000;
const STOP_AT_A_BYTE = EVIL_SERVERS.filter(({ at }) => at !== undefined)
  .map(({ name }) => `${FOR_CLIENTS}/${name}`)
  .join(", ");

/** How a command is run against a server. */
export interface ExecOptions {
  /** A reference server, as ID/VARIANT. */
  server?: string;
  /** The byte at which the reference server stops, for one that stops at a byte. */
  at?: number;
  /** The command of the user's own server, instead. */
  serve?: string;
  /** The port of the user's own server, if it listens on several. */
  port?: number;
  /** What the wire between does, as `delay=50ms`. */
  wire?: readonly string[];
  /** The folder in which the commands are started. Default: the working folder. */
  cwd?: string;
  /** The longest run of the command, in seconds. Default: 60. */
  timeout?: number;
}

/**
 * The order that a command and options make, for the environment of this process. `known`: the names of all reference servers. Throws a
 * UsageError for what does not exist or cannot be meant.
 */
export function execOrderOf(
  command: readonly string[],
  options: ExecOptions,
  known: readonly string[],
): ExecOrder {
  const [program, ...words] = command;
  if (program === undefined || program === "")
    throw new UsageError('exec needs the command of a client after "--", as in: -- curl {LASTACK_URL}');
  const folder = ownFolder(options.cwd);
  const environment = ownEnvironment();
  const server = serverOf(options, known);
  const path = environment["PATH"] ?? "";
  refuseMissing(program, folder, path);
  if (server.kind === "own") refuseMissing(server.command[0], folder, path);
  return {
    command: [program, ...words],
    user: { folder, environment },
    server,
    wire: wireOf([...ownWire(server), ...(options.wire ?? [])]),
    timeoutMs: options.timeout === undefined ? DEFAULT_TIMEOUT_MS : Math.round(1000 * options.timeout),
  };
}

function serverOf({ server, serve, port, at }: ExecOptions, known: readonly string[]): ExecServer {
  if (serve !== undefined) {
    if (server !== undefined)
      throw new UsageError("--server and --serve both name the server: leave one out.");
    if (at !== undefined) throw new UsageError(`--at is that of a server for clients: ${STOP_AT_A_BYTE}.`);
    return { kind: "own", command: wordsOf(serve), ...(port !== undefined && { port }) };
  }
  if (server === undefined)
    throw new UsageError(
      "exec needs a server: --server ID/VARIANT, or --serve 'COMMAND'. --list names them.",
    );
  if (port !== undefined) throw new UsageError("--port is that of the server that --serve starts.");
  if (ONLY_IN_A_LAB.includes(server) || !known.includes(server))
    throw new UsageError(
      `There is no server ${JSON.stringify(server)}.${suggest(server, [...known])} --list names them.`,
    );
  if (at !== undefined && evilServer(server)?.at === undefined)
    throw new UsageError(`--at means nothing to ${server}. These servers stop at a byte: ${STOP_AT_A_BYTE}.`);
  return { kind: "reference", name: server, ...(at !== undefined && { at }) };
}

/** The words of the wire that belong to a server for clients. */
function ownWire(server: ExecServer): string[] {
  return server.kind === "own" ? [] : (evilServer(server.name)?.wire ?? []);
}
