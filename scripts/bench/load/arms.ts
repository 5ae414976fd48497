import { compiled } from "../../../harness/lab/paths.ts";
import { PORT } from "./nginx.ts";
import { readAb, readAutocannon, readHey, readOurs, readWrk, type Told } from "./told.ts";
import type { SOURCES } from "./tools.ts";

export type Mode = "short" | "keep-alive";

/** A load generator in one of the two modes. */
export interface Arm {
  name: string;
  mode: Mode;
  command: (seconds: number) => string[];
  /** What it told, from its standard output. */
  read: (said: string) => Told;
  /** A generator that does not see all that it is answered: its rate is that of nginx's log, and so the most that it can have done. */
  countedBy?: "nginx";
}

/** Of every generator, on one core. */
export const CONNECTIONS = 50;
/** ab wants a number of requests, keeps room for each, and ends at whichever comes first: this, or the time. */
const MOST = "10000000";
const HOST = `127.0.0.1:${PORT}`;
const TARGET = `http://${HOST}/`;

/** In which Node compiles our clients: it is not in their figures. wrk, ab and hey come compiled, and autocannon's -W would be a run of its own. */
const WARM_UP_MS = 500;

/** A client of ours, with the histograms of connect, first byte and total that a load is told by. */
function ours(name: string, mode: Mode, client: string, options: string[]): Arm {
  const program = [process.execPath, compiled(`clients/${client}.js`), "--to", HOST];
  const load = ["--concurrency", `${CONNECTIONS}`, "--report", "histograms", ...options];
  const command = (seconds: number): string[] => [
    ...[...program, ...load, "--warm-up-ms", `${WARM_UP_MS}`],
    ...["--duration-ms", `${seconds * 1000 + WARM_UP_MS}`],
  ];
  return { name, mode, command, read: readOurs };
}

/** The arms of our own: short connections that the server closes, as it does for wrk and ab, or that we close; and kept ones. */
export const OURS: Arm[] = [
  ours("lastack", "short", "short-http", ["--close", "server"]),
  ours("lastack, FIN first", "short", "short-http", ["--close", "client"]),
  ours("lastack", "keep-alive", "long-http", []),
];

/** The arms of a tool, which lies at this path. autocannon loses requests on short connections and says so nowhere: nginx counts them. */
export function armsOf(tool: Exclude<keyof typeof SOURCES, "nginx">, path: string): Arm[] {
  const all = `${CONNECTIONS}`;
  const arm = (mode: Mode, read: Arm["read"], options: (seconds: string) => string[]): Arm => ({
    name: tool,
    mode,
    command: (seconds) => [path, ...options(`${seconds}`), TARGET],
    read,
  });
  switch (tool) {
    case "wrk": {
      const options = (seconds: string): string[] => ["-t", "1", "-c", all, "-d", `${seconds}s`, "--latency"];
      return [
        arm("short", readWrk, (seconds) => [...options(seconds), "-H", "Connection: close"]),
        arm("keep-alive", readWrk, options),
      ];
    }
    case "ab": {
      // -n comes after -t, which sets it too.
      const options = (seconds: string): string[] => ["-q", "-c", all, "-t", seconds, "-n", MOST];
      return [
        arm("short", readAb, options),
        arm("keep-alive", readAb, (seconds) => ["-k", ...options(seconds)]),
      ];
    }
    case "hey": {
      const options = (seconds: string): string[] => ["-c", all, "-z", `${seconds}s`];
      return [
        arm("short", readHey, (seconds) => ["-disable-keepalive", ...options(seconds)]),
        arm("keep-alive", readHey, options),
      ];
    }
    case "autocannon": {
      const options = (seconds: string): string[] => ["-c", all, "-d", seconds, "-n", "--json"];
      const short = (seconds: string): string[] => [...options(seconds), "-H", "Connection: close"];
      const arms = [arm("short", readAutocannon, short), arm("keep-alive", readAutocannon, options)];
      return arms.map((one) => ({
        ...one,
        command: (seconds) => [process.execPath, ...one.command(seconds)],
        ...(one.mode === "short" && { countedBy: "nginx" }),
      }));
    }
  }
}
