import { compiled } from "../../../harness/lab/paths.ts";
import { PORT } from "./nginx.ts";
import { readAb, readAutocannon, readHey, readOurs, readWrk, type Told } from "./told.ts";

/** The generators that ours are compared with. */
export type Tool = "wrk" | "ab" | "hey" | "autocannon";

export type Mode = "short" | "keep-alive";

/** A load generator in one of the two modes. */
export interface Arm {
  name: string;
  mode: Mode;
  command: (seconds: number) => string[];
  /** Parses its standard output. */
  read: (said: string) => Told;
  /** Set for a generator that does not see all its answers. Its rate is taken from nginx's log, so it is the highest possible rate. */
  countedBy?: "nginx";
}

/** The connections of every generator. */
export const CONNECTIONS = 50;
/** ab needs a number of requests and allocates memory for each. It ends after this number or after its time, whichever is first. */
const MOST = "10000000";
const HOST = `127.0.0.1:${PORT}`;
const TARGET = `http://${HOST}/`;

/**
 * The warm-up in which Node compiles our clients; it is not in their figures. wrk, ab and hey are compiled already, and autocannon's -W
 * would be a separate run.
 */
const WARM_UP_MS = 500;

/** One of our clients, with its histograms of connect, first byte and total. */
function ours(name: string, mode: Mode, client: string, options: string[], connections: number): Arm {
  const program = [process.execPath, compiled(`clients/${client}.js`), "--to", HOST];
  const load = ["--concurrency", `${connections}`, "--report", "histograms", ...options];
  const command = (seconds: number): string[] => [
    ...[...program, ...load, "--warm-up-ms", `${WARM_UP_MS}`],
    ...["--duration-ms", `${seconds * 1000 + WARM_UP_MS}`],
  ];
  return { name, mode, command, read: readOurs };
}

/** The arms of our own clients: short connections that the server closes, as with wrk and ab; short ones that we close; kept ones. */
export const OURS: Arm[] = oursWith(CONNECTIONS);

/** The same with another number of connections. */
export function oursWith(connections: number): Arm[] {
  return [
    ours("lastack", "short", "short-http", ["--close", "server"], connections),
    ours("lastack, FIN first", "short", "short-http", ["--close", "client"], connections),
    ours("lastack", "keep-alive", "long-http", [], connections),
  ];
}

/** The arms of the tool at this path. autocannon loses requests on short connections without reporting it, so nginx counts them. */
export function armsOf(tool: Tool, path: string, connections = CONNECTIONS): Arm[] {
  const all = `${connections}`;
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
      // -n comes after -t, because -t sets it too.
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
