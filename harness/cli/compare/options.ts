import type { ComparisonPlan, RequestsEach } from "../../model/comparison.ts";
import { decimal, parseOptionsOnly, wholeNumber } from "../command.ts";
import { UsageError } from "../../runs/errors.ts";
import { outFolder } from "../run-folder.ts";

const OPTIONS = {
  url: { type: "string" },
  insecure: { type: "boolean", default: false },
  "remote-target-is-mine": { type: "boolean", default: false },
  rtt: { type: "string" },
  tls: { type: "boolean", default: false },
  "requests-per-connection": { type: "string" },
  connections: { type: "string" },
  repeat: { type: "string" },
  duration: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** A setup has at most 8 hosts. Two of them are taken: one for the server, one for the client that warms it up. */
const MOST_ARMS = 6;
const MOST_RTTS = 10;
const LONGEST_RTT_MS = 500;
const MOST_REQUESTS = 1_000_000;
const LEAST_SECONDS = 0.2;
const MOST_SECONDS = 60;

/** The options of one command line. */
export interface CompareOptions {
  plan: ComparisonPlan;
  /** null: the project's own server, in the lab. */
  url: string | null;
  mine: boolean;
  out: string;
  json: boolean;
}

/** Reads the options of `compare`. Throws UsageError. */
export function readOptions(args: string[]): CompareOptions {
  const { values } = parseOptionsOnly(args, OPTIONS, { "remote-target-is-mine": "url" });
  const { url = null } = values;
  if (url !== null) refuseBeside(values);
  if (values.insecure && url?.startsWith("https:") !== true)
    throw new UsageError("--insecure is for --url with https://.");
  return {
    plan: {
      arms: readArms(values["requests-per-connection"] ?? "1,2,5,10,100,unlimited"),
      rttsMs: url === null ? readRtts(values.rtt ?? "0,1,20") : [],
      connections: wholeNumber(values.connections ?? "7", "--connections", 1, 997),
      repetitions: wholeNumber(values.repeat ?? "5", "--repeat", 1, 97),
      seconds: readSeconds(values.duration ?? "0.4"),
      tls: values.tls,
      // The lab's own https server has a certificate that it signed itself.
      insecure: values.insecure || values.tls,
    },
    url,
    mine: values["remote-target-is-mine"],
    out: outFolder(values.out),
    json: values.json,
  };
}

/** Refuses options that work only in the lab. Throws UsageError. */
function refuseBeside({ rtt, tls, out }: { rtt?: string; tls: boolean; out?: string }): void {
  if (rtt !== undefined)
    throw new UsageError("--rtt works only in the lab: the server of --url has no wire in front of it.");
  if (tls) throw new UsageError("--tls works only in the lab: with --url, write https:// in the URL.");
  if (out !== undefined)
    throw new UsageError("--out works only in the lab: a comparison with --url makes no recordings.");
}

/** Reads `1,2,unlimited`: requests per connection, sorted from the fewest to unlimited. */
function readArms(text: string): RequestsEach[] {
  const arms = text.split(",").map((word): RequestsEach => {
    if (word === "unlimited") return null;
    if (/^\d{1,7}$/.test(word) && Number(word) >= 1 && Number(word) <= MOST_REQUESTS) return Number(word);
    throw new UsageError(
      `--requests-per-connection takes numbers from 1 to ${MOST_REQUESTS} and the word unlimited, separated by commas, not "${text}".`,
    );
  });
  if (new Set(arms).size < arms.length)
    throw new UsageError(`--requests-per-connection has the same arm twice: "${text}".`);
  if (arms.length > MOST_ARMS)
    throw new UsageError(`--requests-per-connection takes at most ${MOST_ARMS} arms.`);
  return arms.toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
}

/** Reads `0,1,20`: milliseconds, sorted. */
function readRtts(text: string): number[] {
  const rtts = text.split(",").map((word) => {
    const rtt = decimal(word, 3);
    if (rtt <= LONGEST_RTT_MS) return rtt;
    throw new UsageError(
      `--rtt takes milliseconds from 0 to ${LONGEST_RTT_MS}, separated by commas, not "${text}".`,
    );
  });
  if (new Set(rtts).size < rtts.length) throw new UsageError(`--rtt has the same time twice: "${text}".`);
  if (rtts.length > MOST_RTTS) throw new UsageError(`--rtt takes at most ${MOST_RTTS} times.`);
  return rtts.toSorted((a, b) => a - b);
}

function readSeconds(text: string): number {
  const seconds = decimal(text, 3);
  if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(`--duration takes a number from ${LEAST_SECONDS} to ${MOST_SECONDS}, not "${text}".`);
}
