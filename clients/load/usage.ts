import { PLAN_FIGURES } from "../../harness/load/plan.ts";
import type { PlanFigures } from "../../harness/load/plan.ts";
import type { Flag } from "./said.ts";

const MEANINGS: Record<keyof PlanFigures, [placeholder: string, meaning: string]> = {
  attempts: ["N", "how many attempts are made"],
  durationMs: ["D", "instead of --attempts: for how long attempts begin; those under way then are finished"],
  warmUpMs: ["W", "attempts that begin so early are counted apart, and not in the histograms"],
  ratePerSecond: ["R", "attempts due in a second, evenly spaced; 0: as soon as a connection is free"],
  concurrency: ["C", "the most connections open at once"],
  threads: ["N", "threads that share attempts, connections and rate"],
  requestsPerConnection: [
    "N",
    "long clients: after so many responses a connection is closed, and another opened",
  ],
  timeoutMs: ["T", "bound on each wait: to connect, to send, for the whole response, for the server's FIN"],
  holdMs: ["H", "how long a connection stays open after its last response"],
  delayMs: ["D", "when the load begins, from the start of the process; all other times count from then"],
  withinMs: [
    "W",
    "bound on the whole run, beyond --duration-ms when nobody says it; what is not finished then: `timeout`, what is not begun: `never begun`",
  ],
};

/** What `--help` prints: one line a flag, with bounds and default, and an example at the end. */
export function usage(name: string, summary: string, flags: Flag[]): string {
  const program = `node dist/clients/${name}.js`;
  const rows: [string, string][] = [
    ["--to ADDRESS:PORT", "the server, by number: 127.0.0.1:8080, [::1]:8080; must be said"],
    ["--close WHO", "client: we close first (default); server: wait for its FIN; reset: we send RST"],
    ["--report WHAT", "attempts: a line each (default); histograms: a line a second, and one at the end"],
    [
      "--open",
      "open loop at --rate: times count from when an attempt was due, its wait for a place included",
    ],
  ];
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

Prints one JSON line an attempt: when it began, its connection and local port, connectMs, firstByteMs and totalMs
(each from the attempt's beginning; totalMs ends with the response's last byte, before any hold or close) and its
outcome; or, with --report histograms, one line a second with HdrHistograms of these times in microseconds, and a
last line with what it comes to. Exits with 0 when every attempt is accounted for, failed ones too; 64 for wrong usage.

example, 97 attempts at 50 a second, each closed by the server:
  ${program} --to 127.0.0.1:8080 --attempts 97 --rate 50 --concurrency 10 --close server

example, 11 s over 50 connections, of which the first is not counted:
  ${program} --to 127.0.0.1:8080 --duration-ms 11000 --warm-up-ms 1000 --concurrency 50 --report histograms
`;
}
