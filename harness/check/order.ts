import type { UserPlace } from "../lab/order.ts";
import type { ProbeBounds } from "../model/probe.ts";
import { UsageError } from "../runs/errors.ts";
import { ownEnvironment, ownFolder, refuseMissing } from "../runs/own-command.ts";
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
  const folder = ownFolder(options.cwd);
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
