import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { SockDiag } from "../../harness/kernel/sockdiag/dump.ts";
import { ALL_STATES } from "../../harness/kernel/sockdiag/state.ts";
import { compiled } from "../../harness/lab/paths.ts";
import { lastack, MAIN, type Ran as Printed, talk as talkIn } from "./command.ts";
import { folderFor } from "./user.ts";
import { until } from "./wait.ts";

const servers: ChildProcess[] = [];

/** The folder in which the command runs and may write. */
export const folder = folderFor("own");

/** Ends all servers, and removes the folder. */
export function cleanUp(): void {
  for (const server of servers) server.kill("SIGKILL");
  folder.remove();
}

/** The parts of the JSON that the tests read. */
export interface Load {
  engine: string;
  mode: string;
  valid: boolean;
  because: string[];
  warnings: string[];
  notes: string[];
  requests: number;
  perSecond: number | null;
  latencyMs: Record<"connect" | "firstByte" | "total", { p50: number; count: number } | null>;
  errors: Record<string, number>;
  socketsUsed: number;
  perfectSockets: number;
  timeWait: { client: number; server: number };
  endedBy: { clientFin: number; serverFin: number; reset: number };
  generator: { pacingMs: { count: number } | null; neverBegun: number };
  segmentsPerRequest: number | null;
  warmUp: { requests: number; sockets: number };
  looks: { looks: number };
  bystanders: { opened: number; segments: number; most: string | null };
  target: { address: string };
  ports: { usable: number; most: number; exhausted: number };
}

/** How a run of the command ended, and its JSON; an empty object when it printed none. */
export interface Ran extends Printed {
  load: Load;
}

/** Starts a command line, also with another environment, that keeps running, and returns what it has printed so far. */
export function talk(
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; stderr: () => string; ended: Promise<Ran> } {
  const { child, out, err, ended } = talkIn(args, folder.path, env);
  const told = async (): Promise<Ran> => {
    const [status, stdout, stderr] = [await ended, out(), err()];
    return { status, stdout, stderr, load: (stdout.startsWith("{") ? JSON.parse(stdout) : {}) as Load };
  };
  return { child, stderr: err, ended: told() };
}

/** 0.2 s of warm-up and 0.6 s over three connections. */
const BRIEF = ["--warm-up", "0.2", "--duration", "0.6", "--connections", "3", "--json"];

/** Runs a brief load to its end. */
export function load(...args: string[]): Promise<Ran> {
  return talk(["load", ...args, ...BRIEF]).ended;
}

/** The same, with more variables in its environment. */
export function loadWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  return talk(["load", ...args, ...BRIEF], { ...process.env, ...env }).ended;
}

/** The exit code of a run that has this one when it is valid. A run for which the machine was too busy says so, and has 2. */
export function statusOf({ load: { valid } }: Ran, otherwise: number): number {
  return valid ? otherwise : 2;
}

/** Whether the warm-up has all its requests, except on a machine too busy for the load, where some find no free connection. */
export function hasWarmUp({ warmUp, generator }: Load, planned: number): boolean {
  return generator.neverBegun === 0 ? warmUp.requests === planned : warmUp.requests <= planned;
}

interface Server {
  child: ChildProcess;
  port: number;
}

/** How many free ports are tried. A port with connections of an earlier server is rare, and two in a row are rarer. */
const MOST_PORTS = 10;

/** Starts a server on a free port that no connection uses, and returns the port. */
export async function serve(name: string, host = "127.0.0.1"): Promise<Server> {
  for (let nth = 1; nth <= MOST_PORTS; nth += 1) {
    const file = compiled(`servers/short-against-long/${name}.js`);
    const server = await start([process.execPath, file, "--port", "0", "--host", host]);
    if (connectionsOf(server.port) === 0) return server;
    server.child.kill("SIGKILL");
  }
  throw new Error(`of ${MOST_PORTS} free ports each had connections in TIME-WAIT`);
}

/** The sockets that the kernel keeps with this port at either end. For a minute, sockets of an earlier server count as this server's. */
function connectionsOf(port: number): number {
  const diag = new SockDiag();
  try {
    return diag
      .sockets({ states: ALL_STATES })
      .filter(({ state }) => state !== "LISTEN")
      .filter(({ localPort, remotePort }) => localPort === port || remotePort === port).length;
  } finally {
    diag.close();
  }
}

/** Starts a server by its command line, and returns the port that it prints. */
export async function start([executable = "", ...args]: string[]): Promise<Server> {
  const child = spawn(executable, args, { stdio: "pipe" });
  servers.push(child);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ready = await until(
    () => said,
    (text) => /ready \d+\n/.test(text),
    20_000,
  );
  return { child, port: Number(/ready (\d+)/.exec(ready)?.[1]) };
}

/** Runs a sh script in a network namespace of its own. `$NODE` and `$MAIN` run the command line, and `$SERVER` is an HTTP server. */
export function insideNamespace(script: string): Printed {
  const env = {
    PATH: process.env["PATH"],
    NODE: process.execPath,
    MAIN,
    FOLDER: folder.path,
    SERVER: compiled("servers/short-against-long/http-server.js"),
  };
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const command = ["--net", "--pid", "--fork", "--kill-child", "sh", "-euc", script];
  return spawnSync("unshare", [...user, ...command], { encoding: "utf8", env, timeout: 600_000 });
}

/** Runs the command with only these arguments. */
export function lastackLoad(...args: string[]): Printed {
  return lastack(["load", ...args], { cwd: folder.path });
}
