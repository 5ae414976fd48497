import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiled } from "../../../harness/lab/paths.ts";
import { inside, type NetworkNamespace } from "../../../harness/kernel/namespace.ts";
import { until } from "../../../tests/lab/wait.ts";
import { LISTEN, PORT, socketsInState, startNginx } from "./nginx.ts";
import { find, SOURCES } from "./tools.ts";

const WITHIN_MS = 5_000;

/** A server that runs on a core of its own. */
export interface Running {
  end: () => Promise<void>;
}

/** A server of the bench: its name, the reason why it cannot run here, and how it starts in a namespace, with its files in a folder. */
export interface BenchServer {
  name: string;
  absence: () => string | null;
  start: (namespace: NetworkNamespace, core: number, folder: string) => Promise<Running>;
}

/** haproxy answers by itself: it has one thread, and ends no connection after a number of requests. */
const HAPROXY = `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 60s
  timeout http-keep-alive 60s
  timeout http-request 60s
frontend bench
  bind 127.0.0.1:${PORT} backlog 4096
  http-request return status 200 content-type text/plain string "hello, world"
`;

/** lighttpd serves a small file. It would otherwise close a connection after 100 requests. */
const lighttpd = (folder: string): string => `server.document-root = "${folder}/www"
server.bind = "127.0.0.1"
server.port = ${PORT}
server.listen-backlog = 4096
server.max-keep-alive-requests = 65535
server.max-keep-alive-idle = 60
server.max-connections = 4096
server.max-fds = 16384
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html" )
`;

export const SERVERS: BenchServer[] = [
  {
    name: "nginx",
    absence: () => absenceOf("nginx"),
    start: async (namespace, core, folder) => {
      const nginx = await startNginx(namespace, core, folder);
      return { end: async () => void (await nginx.end()) };
    },
  },
  {
    name: "haproxy",
    absence: () => absenceOf("haproxy"),
    start: (namespace, core, folder) => {
      const file = join(folder, "haproxy.cfg");
      writeFileSync(file, HAPROXY);
      return started(namespace, core, [find("haproxy") ?? "", "-db", "-f", file]);
    },
  },
  {
    name: "lighttpd",
    absence: () => absenceOf("lighttpd"),
    start: (namespace, core, folder) => {
      const file = join(folder, "lighttpd.conf");
      rmSync(join(folder, "www"), { recursive: true, force: true });
      mkdirSync(join(folder, "www"));
      writeFileSync(join(folder, "www", "index.html"), "hello, world\n");
      writeFileSync(file, lighttpd(folder));
      return started(namespace, core, [find("lighttpd") ?? "", "-D", "-f", file]);
    },
  },
  {
    name: "Node",
    absence: () => null,
    start: (namespace, core) => {
      const server = compiled("servers/short-against-long/http-server.js");
      return started(namespace, core, [process.execPath, server, "--port", `${PORT}`]);
    },
  },
];

function absenceOf(tool: "nginx" | "haproxy" | "lighttpd"): string | null {
  return find(tool) === null ? `${tool} is not installed: ${SOURCES[tool]}` : null;
}

/** Starts a command on a core, and waits until something listens in the namespace. Throws with what it printed when nothing does. */
async function started(namespace: NetworkNamespace, core: number, command: string[]): Promise<Running> {
  const child = inside(namespace, () =>
    spawn("taskset", ["-c", `${core}`, ...command], { stdio: ["ignore", "ignore", "pipe"] }),
  );
  let complained = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complained = (complained + text).slice(-1000);
  });
  const exited = once(child, "exit");
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const listens = await until(
    () => !hasEnded() && listening(namespace) > 0,
    (seen) => seen || hasEnded(),
    WITHIN_MS,
  );
  if (!listens) {
    child.kill("SIGKILL");
    throw new Error(`${command[0]} does not listen: ${complained.trim()}`);
  }
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return { end };
}

/** Listeners of both families: Node listens on `::`. */
function listening(namespace: NetworkNamespace): number {
  return socketsInState(namespace, [LISTEN]) + socketsInState(namespace, [LISTEN], "tcp6");
}
