import { statSync } from "node:fs";
import { resolve } from "node:path";
import { bodyRefusal, type Method, METHODS } from "../../load/method.ts";
import { CLOSES } from "../../load/plan.ts";
import { refusal } from "../../load/engine.ts";
import { type Endpoint, ENGINES, type LoadPlan, MODES, ORDINARY } from "../../load/load-plan.ts";
import { parseTarget, type Target } from "../../load/target.ts";
import { FIGURES, parseThreshold, type Threshold, ThresholdError } from "../../load/threshold.ts";
import { decimal, parseOptions, wholeNumber } from "../command.ts";
import { UsageError } from "../../runs/errors.ts";
import { suggest } from "../../recording/suggest.ts";

/** The options of one command line, before the target's host is resolved. */
export interface Asked {
  target: Target;
  plan: Omit<LoadPlan, "to">;
  /** One sentence that says why the engine is not the default one; null: it is the default one, or the user chose it. */
  engineSaid: string | null;
  thresholds: Threshold[];
  mine: boolean;
  out: string | null;
  verbose: boolean;
  json: boolean;
}

const OPTIONS = {
  mode: { type: "string" },
  "requests-per-connection": { type: "string" },
  connections: { type: "string" },
  rate: { type: "string" },
  duration: { type: "string" },
  "warm-up": { type: "string" },
  timeout: { type: "string" },
  threads: { type: "string" },
  engine: { type: "string" },
  close: { type: "string" },
  method: { type: "string" },
  body: { type: "string" },
  header: { type: "string", multiple: true },
  send: { type: "string" },
  ca: { type: "string" },
  insecure: { type: "boolean", default: false },
  "fail-if": { type: "string", multiple: true },
  "remote-target-is-mine": { type: "boolean", default: false },
  out: { type: "string" },
  verbose: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** Reads a command line. Throws UsageError with a sentence that says what is wrong. */
export function readOptions(args: string[]): Asked {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [url] = positionals;
  if (url === undefined || positionals.length > 1) {
    throw new UsageError("load takes one URL, such as http://127.0.0.1:8080/");
  }
  const target = understood(() => parseTarget(url));
  const seconds = (name: "duration" | "warm-up" | "timeout", most: number): number | undefined =>
    milliseconds(values[name], `--${name}`, name === "warm-up" ? 0 : 0.1, most);
  const engine = oneOf(ENGINES, "--engine", values.engine) ?? (target.scheme === "https" ? "undici" : "raw");
  const plan: Omit<LoadPlan, "to"> = {
    ...ORDINARY,
    engine,
    ...connectionsOf(values.mode, values["requests-per-connection"]),
    connections: whole(values.connections, "--connections", 1, 10_000) ?? ORDINARY.connections,
    ratePerSecond: rate(values.rate),
    warmUpMs: seconds("warm-up", 600) ?? ORDINARY.warmUpMs,
    durationMs: seconds("duration", 2400) ?? ORDINARY.durationMs,
    timeoutMs: seconds("timeout", 300) ?? ORDINARY.timeoutMs,
    threads: whole(values.threads, "--threads", 1, 64) ?? ORDINARY.threads,
    close: oneOf(CLOSES, "--close", values.close) ?? ORDINARY.close,
    ...bodyOf(oneOf(METHODS, "--method", values.method), values.body),
    headers: values.header ?? [],
    send: values.send ?? null,
    ca: values.ca === undefined ? null : resolve(values.ca),
    insecure: values.insecure,
  };
  refuseMisplaced(plan, target);
  return {
    target,
    plan,
    engineSaid:
      target.scheme === "https" && values.engine === undefined
        ? "The raw engine has no TLS, so https goes through undici."
        : null,
    thresholds: (values["fail-if"] ?? []).map(threshold),
    mine: values["remote-target-is-mine"],
    out: values.out ?? null,
    verbose: values.verbose,
    json: values.json,
  };
}

/** The mode and the requests per connection. `--requests-per-connection 1` means the same as `--mode short`. */
function connectionsOf(
  modeText: string | undefined,
  requests: string | undefined,
): Pick<LoadPlan, "mode" | "requestsPerConnection"> {
  const mode = oneOf(MODES, "--mode", modeText);
  const many = whole(requests, "--requests-per-connection", 1, 1_000_000) ?? Infinity;
  if (mode === "short" && many !== Infinity && many !== 1) {
    throw new UsageError(`--mode short is one request per connection, not ${many}.`);
  }
  if (mode === "short" || (many === 1 && mode === undefined)) {
    return { mode: "short", requestsPerConnection: 1 };
  }
  return { mode: "keep-alive", requestsPerConnection: many };
}

/** The method, POST by default with a body, and the file of the body. Throws UsageError when there is no such file, or it does not fit. */
function bodyOf(asked: Method | undefined, file: string | undefined): Pick<LoadPlan, "method" | "body"> {
  if (file === undefined) return { method: asked ?? ORDINARY.method, body: null };
  const method = asked ?? "POST";
  const path = resolve(file);
  const found = file === "" ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`--body: there is no file ${JSON.stringify(file)}.`);
  if (!found.isFile()) throw new UsageError(`--body takes a regular file, and ${file} is none.`);
  const wrong = bodyRefusal(method, found.size);
  if (wrong !== null) throw new UsageError(`${wrong}.`);
  return { method, body: { path, bytes: found.size } };
}

/** Refuses options that the target's scheme or the engine cannot use. Throws UsageError. */
function refuseMisplaced(plan: Omit<LoadPlan, "to">, target: Target): void {
  const { scheme } = target;
  if (plan.send !== null && scheme !== "tcp")
    throw new UsageError("--send is for tcp://: for http, use --method and --header.");
  if (scheme === "tcp" && (plan.headers.length > 0 || plan.method !== ORDINARY.method)) {
    throw new UsageError("--method, --body and --header are for http: for tcp://, use --send.");
  }
  if (plan.ca !== null && scheme !== "https") throw new UsageError("--ca is for https://.");
  if (plan.ca !== null && plan.insecure)
    throw new UsageError("--insecure checks no certificate: leave out --ca, or --insecure.");
  if (plan.insecure && scheme !== "https") throw new UsageError("--insecure is for https://.");
  if (plan.threads > plan.connections) {
    throw new UsageError(`--threads ${plan.threads} needs at least ${plan.threads} --connections, one each.`);
  }
  for (const header of plan.headers) {
    // RFC 9110, 5.6.2 (token) and 5.5: a value has no CR, LF or NUL.
    if (!/^[!#$%&'*+.^_`|~\w-]+:[^\r\n\0]*$/.test(header)) {
      throw new UsageError(`--header takes 'Name: value', not ${JSON.stringify(header)}.`);
    }
  }
  // `refusal` does not use the address, which is not resolved yet: the host stands in for it.
  const to: Endpoint = { ...target, address: target.host };
  const why = refusal({ ...plan, to });
  if (why !== null) throw new UsageError(why);
}

function threshold(text: string): Threshold {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const { word, message } = error;
    const known = Object.keys(FIGURES);
    const hint = word === null ? "" : `${suggest(word, known)} The figures are: ${known.join(", ")}.`;
    throw new UsageError(`${message}${hint}`);
  }
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function whole(text: string | undefined, option: string, least: number, most: number): number | undefined {
  return text === undefined ? undefined : wholeNumber(text, option, least, most);
}

/** Requests per second; 0 without the option. The limit is the same as in the load programs. */
function rate(text: string | undefined): number {
  if (text === undefined) return 0;
  const value = decimal(text, 6);
  if (!(value > 0 && value <= 100_000)) {
    throw new UsageError(`--rate takes requests per second, more than 0 and at most 100000, not "${text}".`);
  }
  return value;
}

function milliseconds(
  text: string | undefined,
  option: string,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = decimal(text, 6);
  if (!(value >= least && value <= most)) {
    throw new UsageError(`${option} takes seconds from ${least} to ${most}, not "${text}".`);
  }
  return Math.round(value * 1000);
}

function oneOf<Word extends string>(
  words: readonly Word[],
  option: string,
  text: string | undefined,
): Word | undefined {
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word === undefined) {
    throw new UsageError(
      `${option} takes one of ${words.join(", ")}, not "${text}".${suggest(text, [...words])}`,
    );
  }
  return word;
}
