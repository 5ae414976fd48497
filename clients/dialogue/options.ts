import { parseArgs } from "node:util";
import { socketAddress } from "../../harness/kernel/address.ts";
import { parseTarget } from "../load/target.ts";
import type { Target } from "./line.ts";
import { script } from "./order.ts";
import { readStep, type Step } from "./step.ts";

/** What the program does. */
export interface Plan {
  target: Target;
  /** null: without TLS. `name`: for SNI; empty: none. */
  tls: { name: string } | null;
  connections: number;
  /** At most so many are open at once. */
  concurrency: number;
  /** How many begin in a second; 0: all at once. */
  ratePerSecond: number;
  /** No connection begins later than this; Infinity: each of them does. */
  beginsWithinMs: number;
  /** Whether each step is reported, or only failed ones. */
  report: "steps" | "ends";
  /** All steps of a connection, the opening ones included. */
  script: Step[];
}

const MOST_CONNECTIONS = 30_000;
const MOST_REPEATS = 100_000;
const MOST_RATE = 100_000;
const MOST_MS = 600_000;
/** The kernel takes an int; it allows no more than net.core.rmem_max. */
const MOST_BUFFER = 2 ** 30;

const FLAGS = {
  to: { type: "string" },
  connections: { type: "string" },
  concurrency: { type: "string" },
  rate: { type: "string" },
  for: { type: "string" },
  repeat: { type: "string" },
  last: { type: "string", multiple: true },
  report: { type: "string" },
  tls: { type: "boolean" },
  name: { type: "string" },
  "receive-buffer": { type: "string" },
  help: { type: "boolean" },
} as const;

/** Parses a command line; `help` if it asks for help. Throws an Error with one sentence for the user. */
export function readOptions(args: string[]): Plan | "help" {
  const { values, positionals } = parsed(args);
  if (values.help === true) return "help";
  const count = (flag: keyof typeof values, most: number, unsaid: number): number => {
    const text = values[flag];
    return typeof text === "string" ? readCount(flag, text, most) : unsaid;
  };
  const receiveBuffer = count("receive-buffer", MOST_BUFFER, 0) || null;
  const connections = count("connections", MOST_CONNECTIONS, 1);
  const concurrency = count("concurrency", MOST_CONNECTIONS, connections);
  const isSecure = values.tls === true;
  if (values.name !== undefined && !isSecure) throw new Error("--name is for --tls");
  if (positionals.length === 0) throw new Error("no step was given");
  const steps = positionals.map(readStep);
  const last = (values.last ?? []).map(readStep);
  if (values.for !== undefined && [...steps, ...last].some(({ step }) => step === "together"))
    throw new Error("together does not go with --for: it could wait for connections that never begin");
  const most = Math.min(concurrency, connections);
  for (const step of [...steps, ...last]) {
    if (step.step !== "together" || step.connections <= most) continue;
    throw new Error(`together ${step.connections} would wait for ever: ${most} connections are open at once`);
  }
  return {
    target: { ...readTarget(values.to), receiveBuffer },
    tls: isSecure ? { name: values.name ?? "" } : null,
    connections,
    concurrency,
    ratePerSecond: count("rate", MOST_RATE, 0),
    beginsWithinMs: count("for", MOST_MS, Number.POSITIVE_INFINITY),
    report: readReport(values.report),
    script: script(steps, { tls: isSecure, repeat: count("repeat", MOST_REPEATS, 1), last }),
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    // The first line of Node's message names the flag. The other lines explain Node's conventions.
    throw new Error(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error), {
      cause: error,
    });
  }
}

function readCount(flag: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new Error(`--${flag} takes a whole number from 1 to ${most}, not ${JSON.stringify(text)}`);
}

function readTarget(text: string | undefined): Omit<Target, "receiveBuffer"> {
  const wanted = "--to takes ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080";
  const target = text === undefined ? null : parseTarget(text);
  if (target === null) {
    throw new Error(`${wanted}, ${text === undefined ? "and is missing" : `not ${JSON.stringify(text)}`}`);
  }
  return { ...target, at: socketAddress(target.address, target.port) };
}

function readReport(text: string | undefined): Plan["report"] {
  if (text === undefined || text === "steps") return "steps";
  if (text === "ends") return "ends";
  throw new Error(`--report takes steps or ends, not ${JSON.stringify(text)}`);
}
