import { PLAN_FIGURES } from "../../harness/load/plan.ts";
import type { PlanFigures } from "../../harness/load/plan.ts";
import type { Flag } from "./said.ts";

const MEANINGS: Record<keyof PlanFigures, [placeholder: string, meaning: string]> = {
  attempts: ["N", "number of attempts"],
  durationMs: ["D", "instead of --attempts: attempts begin for this time, and the last ones are finished"],
  warmUpMs: ["W", "attempts that begin in this time are counted separately, and not in the histograms"],
  ratePerSecond: ["R", "attempts due in a second, evenly spaced; 0: as soon as a connection is free"],
  concurrency: ["C", "the most connections open at once"],
  threads: ["N", "threads that share attempts, connections and rate"],
  requestsPerConnection: [
    "N",
    "long clients only: a connection is closed after so many responses, and another is opened",
  ],
  timeoutMs: ["T", "limit for each wait: to connect, to send, for the whole response, for the server's FIN"],
  holdMs: ["H", "how long a connection stays open after its last response"],
  delayMs: ["D", "how long after the process starts the load begins; all other times count from then"],
  withinMs: [
    "W",
    "limit for the whole run, by default after the end of --duration-ms; attempts unfinished then: `timeout`, not begun: `never begun`",
  ],
};

/** The text of `--help`: one line a flag, with bounds and default, and examples at the end. */
export function usage(name: string, summary: string, flags: Flag[]): string {
  const program = `node dist/clients/${name}.js`;
  const rows: [string, string][] = [
    ["--to ADDRESS:PORT", "the server as a numeric address: 127.0.0.1:8080, [::1]:8080; required"],
    ["--close WHO", "client: the client closes (default); server: it waits for the FIN; reset: it sends RST"],
    ["--report WHAT", "attempts: a line each (default); histograms: a line a second, and one at the end"],
    [
      "--open",
      "open loop at --rate: times count from when an attempt was due, and include its wait for a connection",
    ],
  ];
  rows.push([
    "--at-signal",
    "the load begins at SIGCONT; when all is prepared, `ready` and the port of --to are printed",
  ]);
  for (const [figure, { flag, least, most, otherwise }] of Object.entries(PLAN_FIGURES)) {
    const [placeholder, meaning] = MEANINGS[figure as keyof PlanFigures];
    const ordinary = otherwise === Infinity ? "" : `, default ${otherwise}`;
    rows.push([`--${flag} ${placeholder}`, `${meaning}; ${least} to ${most}${ordinary}`]);
  }
  for (const { flag, placeholder, meaning } of flags) rows.push([`--${flag} ${placeholder ?? ""}`, meaning]);
  rows.push(["--help", "this text"]);
  return `${name}: ${summary}

usage: ${program} --to ADDRESS:PORT (--attempts N | --duration-ms D) [options]

${rows.map(([flag, meaning]) => `  ${flag.padEnd(28)} ${meaning}`).join("\n")}

Prints one JSON line for each attempt: when it began, its connection and local port, connectMs, firstByteMs, totalMs
and its outcome. The three times count from the beginning of the attempt; totalMs ends with the last byte of the
response, before any hold or close. With --report histograms, it prints one line a second with HdrHistograms of these
times in microseconds, and a last line with the totals. Exit code: 0 when every attempt is reported, also when
attempts failed; 64 for wrong usage.

example, 97 attempts at 50 a second, each closed by the server:
  ${program} --to 127.0.0.1:8080 --attempts 97 --rate 50 --concurrency 10 --close server

example, 11 s over 50 connections; the first second is a warm-up:
  ${program} --to 127.0.0.1:8080 --duration-ms 11000 --warm-up-ms 1000 --concurrency 50 --report histograms
`;
}
