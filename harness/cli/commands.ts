import type { Command } from "./command.ts";
import { keepHeapSmall } from "./doctor/small-heap.ts";

/** A command: its line in the help, and its module. */
export interface Known {
  summary: string;
  load: () => Promise<{ command: Command }>;
}

/** Each command's module is loaded only when that command runs: `lastack --help` must not load the laboratory. */
export const COMMANDS = new Map<string, Known>([
  ["run", { summary: "run experiments and report each verdict", load: () => import("./run.ts") }],
  ["list", { summary: "list the experiments of the catalogue", load: () => import("./list.ts") }],
  [
    "serve",
    { summary: "run a reference server on loopback, in the foreground", load: () => import("./serve.ts") },
  ],
  [
    "claims",
    {
      summary: "settle on this kernel what teaching documents say about TCP",
      load: () => import("./claims.ts"),
    },
  ],
  [
    "load",
    {
      summary: "put load on a server; report latency, and what the kernel did meanwhile",
      load: () => import("./load.ts"),
    },
  ],
  [
    "runs",
    { summary: "list the runs in results/runs, and delete old ones", load: () => import("./runs.ts") },
  ],
  ["judge", { summary: "judge recordings again", load: () => import("./judge.ts") }],
  [
    "report",
    {
      summary: "print a run's figures again, or one connection as a ladder",
      load: () => import("./report.ts"),
    },
  ],
  [
    "compare",
    {
      summary: "compare keep-alive, short connections and N requests per connection",
      load: () => import("./compare.ts"),
    },
  ],
  [
    "doctor",
    {
      summary: "name the failure mode of a live process or port",
      load: () => {
        keepHeapSmall();
        return import("./doctor.ts");
      },
    },
  ],
  [
    "check",
    {
      summary: "probe how your own server handles its connections",
      load: () => import("./check.ts"),
    },
  ],
  ["census", { summary: "count sockets by state, owner, peer or age", load: () => import("./census.ts") }],
  [
    "part",
    {
      summary: "run one part of a trial whose hosts are containers",
      load: () => import("./part.ts"),
    },
  ],
  [
    "preflight",
    {
      summary: "print what this machine allows, and how to get what is missing",
      load: () => import("./preflight.ts"),
    },
  ],
]);

/** What `lastack --help` prints. */
export const HELP = `lastack - a laboratory for the life of a TCP connection

Usage: lastack COMMAND [OPTIONS]
       lastack COMMAND --help       (or: lastack help COMMAND)

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join("\n")}

Exit codes: 0 confirmed or clean, 1 refuted or a finding, 2 inconclusive or a broken file, 64 wrong usage,
69 something is missing on this machine, 70 a fault in lastack itself, 130 stopped by Ctrl+C

Examples:
  lastack run                               run the tour: five experiments in half a minute
  lastack run close-wait-leak/fixed         run one variant of an experiment
  lastack run close-wait-leak --hold        stop at the symptom, to inspect it with other tools
  lastack serve close-wait-leak/buggy       run the buggy server on port 8080
  lastack load http://127.0.0.1:8080/       put load on a server; the report says whether the run is valid
  lastack check -- node server.js           probe the life of your own server's connections, in a lab
  lastack census --port 8080 --watch        show the sockets' states at both ends, live`;
