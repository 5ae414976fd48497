import type { ComparisonPlan, RequestsEach } from "../../model/comparison.ts";
import { parseOptionsOnly, wholeNumber } from "../command.ts";
import { UsageError } from "../../runs/errors.ts";
import { outFolder } from "../run-folder.ts";

const OPTIONS = {
  url: { type: "string" },
  "remote-target-is-mine": { type: "boolean", default: false },
  rtt: { type: "string" },
  tls: { type: "boolean", default: false },
  requests: { type: "string" },
  connections: { type: "string" },
  repetitions: { type: "string" },
  seconds: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** So many hosts has a setup, of which two are the server's and the one that warms it. */
const MOST_ARMS = 6;
const MOST_RTTS = 10;
const LONGEST_RTT_MS = 500;
const MOST_REQUESTS = 1_000_000;
const LEAST_SECONDS = 0.2;
const MOST_SECONDS = 60;

/** What a command line asks for. */
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
  const { values } = parseOptionsOnly(args, OPTIONS);
  const { url = null } = values;
  if (url !== null) refuseBeside(values);
  return {
    plan: {
      arms: readArms(values.requests ?? "1,2,5,10,100,unlimited"),
      rttsMs: url === null ? readRtts(values.rtt ?? "0,1,20") : [],
      connections: wholeNumber(values.connections ?? "7", "--connections", 1, 997),
      repetitions: wholeNumber(values.repetitions ?? "5", "--repetitions", 1, 97),
      seconds: readSeconds(values.seconds ?? "0.4"),
      tls: values.tls,
    },
    url,
    mine: values["remote-target-is-mine"],
    out: outFolder(values.out),
    json: values.json,
  };
}

/** What is for the lab alone. Throws UsageError. */
function refuseBeside({ rtt, tls, out }: { rtt?: string; tls: boolean; out?: string }): void {
  if (rtt !== undefined)
    throw new UsageError("--rtt is for the lab: no wire can be put before a server that is there already.");
  if (tls) throw new UsageError("--tls is for the lab: with --url, https:// says it.");
  if (out !== undefined)
    throw new UsageError("--out is for the lab: there are no recordings of a server that is there already.");
}

/** `1,2,unlimited`: from the fewest requests a connection to as many as come. */
function readArms(text: string): RequestsEach[] {
  const arms = text.split(",").map((word): RequestsEach => {
    if (word === "unlimited") return null;
    if (/^\d{1,7}$/.test(word) && Number(word) >= 1 && Number(word) <= MOST_REQUESTS) return Number(word);
    throw new UsageError(
      `--requests takes numbers from 1 to ${MOST_REQUESTS} and the word unlimited, with commas between, not "${text}".`,
    );
  });
  if (new Set(arms).size < arms.length) throw new UsageError(`--requests names an arm twice: "${text}".`);
  if (arms.length > MOST_ARMS) throw new UsageError(`--requests takes at most ${MOST_ARMS} arms.`);
  return arms.toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
}

/** `0,1,20`: milliseconds, from the shortest to the longest. */
function readRtts(text: string): number[] {
  const rtts = text.split(",").map((word) => {
    if (/^\d{1,3}(\.\d{1,3})?$/.test(word) && Number(word) <= LONGEST_RTT_MS) return Number(word);
    throw new UsageError(
      `--rtt takes milliseconds from 0 to ${LONGEST_RTT_MS}, with commas between, not "${text}".`,
    );
  });
  if (new Set(rtts).size < rtts.length) throw new UsageError(`--rtt names a time twice: "${text}".`);
  if (rtts.length > MOST_RTTS) throw new UsageError(`--rtt takes at most ${MOST_RTTS} times.`);
  return rtts.toSorted((a, b) => a - b);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,2}(\.\d{1,3})?$/.test(text) && seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)
    return seconds;
  throw new UsageError(`--seconds takes a number from ${LEAST_SECONDS} to ${MOST_SECONDS}, not "${text}".`);
}
