import { PLAN_FIGURES } from "../../harness/load/plan.ts";
import type { PlanFigures } from "../../harness/load/plan.ts";

const MEANINGS: Record<keyof PlanFigures, [placeholder: string, meaning: string]> = {
  attempts: ["N", "how many attempts are made"],
  ratePerSecond: ["R", "attempts due in a second, evenly spaced; 0: as soon as a connection is free"],
  concurrency: ["C", "the most connections open at once"],
  timeoutMs: ["T", "bound on each wait: to connect, to send, for the whole response, for the server's FIN"],
  holdMs: ["H", "how long a connection stays open after its last response"],
  withinMs: ["W", "bound on the whole run; what has not finished by then has failed with `timeout`"],
};

/** What `--help` prints: one line a flag, with bounds and default, and an example at the end. */
export function usage(name: string, summary: string): string {
  const program = `node dist/clients/${name}.js`;
  const rows: [string, string][] = [
    ["--to ADDRESS:PORT", "the server, by number: 127.0.0.1:8080, [::1]:8080; must be said"],
    ["--close WHO", "client: we close first (default); server: wait for its FIN; reset: we send RST"],
  ];
  for (const [figure, { flag, least, most, otherwise }] of Object.entries(PLAN_FIGURES)) {
    const [placeholder, meaning] = MEANINGS[figure as keyof PlanFigures];
    const ordinary = otherwise === null ? "must be said" : `default ${otherwise}`;
    rows.push([`--${flag} ${placeholder}`, `${meaning}; ${least} to ${most}, ${ordinary}`]);
  }
  rows.push(["--help", "this text"]);
  return `${name}: ${summary}

usage: ${program} --to ADDRESS:PORT --attempts N [options]

${rows.map(([flag, meaning]) => `  ${flag.padEnd(18)} ${meaning}`).join("\n")}

Prints one JSON line an attempt: when it began, its connection and local port, connectMs, firstByteMs and totalMs
(each from the attempt's beginning; totalMs ends with the response's last byte, before any hold or close) and its
outcome. Exits with 0 when every attempt is accounted for, failed ones too; 64 for wrong usage.

example, 97 attempts at 50 a second, each closed by the server:
  ${program} --to 127.0.0.1:8080 --attempts 97 --rate 50 --concurrency 10 --close server
`;
}
