import type { RunWatch } from "../runs/watch.ts";

/** How a server is checked. */
export interface CheckOptions {
  /** The port to check. Default: the one port on which the server listens. */
  port?: number;
  /** The server is ready when it has printed this text, and listens. Default: when it listens. */
  ready?: string;
  /** Variables for the server in addition to those of this process. */
  env?: Record<string, string>;
  /** The folder in which the command is started. Default: the working folder. */
  cwd?: string;
  /** The request that the clients make, as `GET /health`. Default: `GET /`. */
  request?: string;
  /** For a protocol that is not HTTP, instead of `request`: the bytes of a request, with the escapes `\r`, `\n` and `\xNN`. */
  raw?: string;
  /** Whether the clients speak TLS. They accept any certificate. */
  tls?: boolean;
  /** The ids of the probes to run. Default: all. */
  probes?: readonly string[];
  /** How long a probe waits for the server's own timers, in seconds. Default: 10. */
  patience?: number;
  /** How many connections a probe makes where many are needed. Default: 997. */
  connections?: number;
  /** How often a connection is used again at the moment of its idle close. Default: 1000. */
  reuses?: number;
  /** How long a client waits for an answer that is due, in seconds. Default: 5. */
  answerWithin?: number;
  /** The longest wait until the server is ready, in seconds. Default: 10. */
  readyWithin?: number;
  /** The check makes a new folder for its recordings in this folder. Default: `results/checks` in the working folder. */
  out?: string;
  /** Probes at the same time. Default: as many as the processors can run. */
  jobs?: number;
  watch?: RunWatch;
  /** When it is aborted, the running probes end, what they recorded is kept, and no more probes begin. */
  signal?: AbortSignal;
}

/** The options that say what is checked, and not where and how the check itself runs. A check keeps them for `--replay`. */
export type TargetOptions = Omit<CheckOptions, "probes" | "out" | "jobs" | "watch" | "signal">;
