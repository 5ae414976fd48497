import { statSync } from "node:fs";
import { resolve } from "node:path";
import { isExecutable } from "../lab/executable.ts";
import type { UserPlace } from "../lab/order.ts";
import type { ProbeBounds } from "../model/probe.ts";
import { quoted } from "../recording/suggest.ts";
import { UsageError } from "../runs/errors.ts";
import type { TargetOptions } from "./options.ts";
import { requestLine } from "./requests.ts";

/** What to check, and how to talk to it. */
export interface CheckOrder {
  /** The words of the command that starts the server. */
  command: [string, ...string[]];
  user: UserPlace;
  /** Variables for the server in addition to those of the user. */
  environment: Record<string, string>;
  /** Absent: the one port on which it listens. */
  port?: number;
  /** It is ready when it has printed this. Absent: when it listens. */
  readyText?: string;
  /** The longest wait until it is ready, in milliseconds. */
  withinMs: number;
  isTls: boolean;
  /** `GET /health`; or bytes, as the text of a step of clients/dialogue, for a protocol that is not HTTP. */
  request: { http: string } | { raw: string };
  bounds: ProbeBounds;
}

export const DEFAULT_BOUNDS: ProbeBounds = {
  patienceMs: 10_000,
  answerMs: 5_000,
  connections: 997,
  reuses: 1_000,
};
const READY_MS = 10_000;
const DEFAULT_REQUEST = "GET /";

/**
 * The order that a command and the options of a check make, for the working folder and the environment of this process. Throws a UsageError
 * with a sentence for a command or a folder that does not exist, and for a request that cannot be made.
 */
export function orderOf(command: readonly string[], options: TargetOptions): CheckOrder {
  const [program, ...words] = command;
  if (program === undefined || program === "") throw new UsageError("A check needs the server's command.");
  const folder = folderOf(options.cwd);
  const environment = options.env ?? {};
  const user = { folder, environment: ownEnvironment() };
  refuseMissing(program, folder, environment["PATH"] ?? user.environment["PATH"] ?? "");
  if (options.request !== undefined && options.raw !== undefined)
    throw new UsageError("A check takes a request of HTTP or raw bytes, and not both.");
  const ms = (seconds: number | undefined, otherwise: number): number =>
    seconds === undefined ? otherwise : Math.round(1000 * seconds);
  return {
    command: [program, ...words],
    user,
    environment,
    ...(options.port !== undefined && { port: options.port }),
    ...(options.ready !== undefined && { readyText: options.ready }),
    withinMs: ms(options.readyWithin, READY_MS),
    isTls: options.tls ?? false,
    request:
      options.raw === undefined
        ? { http: requestLine(options.request ?? DEFAULT_REQUEST) }
        : { raw: options.raw },
    bounds: {
      patienceMs: ms(options.patience, DEFAULT_BOUNDS.patienceMs),
      answerMs: ms(options.answerWithin, DEFAULT_BOUNDS.answerMs),
      connections: options.connections ?? DEFAULT_BOUNDS.connections,
      reuses: options.reuses ?? DEFAULT_BOUNDS.reuses,
    },
  };
}

function folderOf(cwd: string | undefined): string {
  const folder = resolve(cwd ?? "");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new UsageError(`There is no folder ${quoted(cwd ?? folder)} in which the command could be started.`);
}

/** The environment of this process, as its user's shell made it. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Throws a UsageError for a command that execvp(3) would not find: without a slash it is looked up in the PATH. */
function refuseMissing(program: string, folder: string, path: string): void {
  if (program.includes("/")) {
    const file = resolve(folder, program);
    if (isExecutable(file)) return;
    const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
    throw new UsageError(
      isThere
        ? `${quoted(program)} cannot be executed. Start it with its interpreter (as in "-- node ${program}"), or make it executable with chmod +x.`
        : `There is no file ${quoted(program)}${program.startsWith("/") ? "" : ` in ${folder}`}.`,
    );
  }
  if (path.split(":").some((one) => isExecutable(resolve(folder, one, program)))) return;
  const isFile = statSync(resolve(folder, program), { throwIfNoEntry: false })?.isFile() === true;
  const hint = isFile ? ` The file of that name in ${folder} is written ./${program}.` : "";
  throw new UsageError(`There is no command ${quoted(program)} on the PATH.${hint}`);
}
