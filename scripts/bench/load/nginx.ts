import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inside, type NetworkNamespace } from "../../../harness/kernel/namespace.ts";
import { until } from "../../../tests/lab/wait.ts";
import { find, SOURCES } from "./tools.ts";

/** This port is outside the range of local ports that a turn sets, so no client can get it. */
export const PORT = 8080;
const WITHIN_MS = 5_000;

/** The answers in nginx's log. */
export interface Logged {
  /** Answers with status 200. */
  answered: number;
  /** Answers with any other status. */
  refused: number;
}

export interface Nginx {
  /** Waits until no connection is left, ends nginx, and reads its access log. */
  end: () => Promise<Logged>;
}

/**
 * Starts nginx in a namespace, on its own core, with all its files in a folder, and waits until it listens. It is one process
 * (`master_process off`), because in a user namespace with a single user it cannot change to another user. It does not end connections
 * after a thousand requests, its default, and it writes its log in large pieces; both are the same for every generator. Throws when
 * nginx is not installed, or does not listen.
 */
export async function startNginx(namespace: NetworkNamespace, core: number, folder: string): Promise<Nginx> {
  const executable = find("nginx");
  if (executable === null) throw new Error(`nginx is not installed: ${SOURCES.nginx}`);
  const files = { config: join(folder, "nginx.conf"), log: join(folder, "access.log") };
  const errors = join(folder, "error.log");
  writeFileSync(files.config, configuration(folder));
  const command = ["-c", `${core}`, executable, "-p", folder, "-c", files.config, "-e", errors];
  const child = inside(namespace, () =>
    spawn("taskset", command, { stdio: ["ignore", "ignore", "inherit"] }),
  );
  const exited = once(child, "exit");
  const inState = (states: string[]): number => socketsInState(namespace, states);
  const listens = await until(
    () => child.exitCode === null && inState([LISTEN]) === 1,
    (seen) => seen || child.exitCode !== null,
    WITHIN_MS,
  );
  if (!listens) throw new Error(`nginx does not listen: ${readFileSync(errors, "utf8").trim()}`);
  const end = async (): Promise<Logged> => {
    const left = await until(
      () => inState([ESTABLISHED, CLOSE_WAIT]),
      (seen) => seen === 0,
      WITHIN_MS,
    );
    // nginx writes the rest of its log when it ends.
    child.kill("SIGTERM");
    await exited;
    if (left > 0) throw new Error(`${left} connections to nginx were still open at the end`);
    const logged = readLog(readFileSync(files.log));
    rmSync(files.log);
    return logged;
  };
  return { end };
}

/** States in the form of /proc/net/tcp (include/net/tcp_states.h). */
const [ESTABLISHED, CLOSE_WAIT] = ["01", "08"];
export const LISTEN = "0A";

/** How many sockets of a namespace are in one of these states: those of IPv4, or of IPv6. */
export function socketsInState(
  namespace: NetworkNamespace,
  states: string[],
  family: "tcp" | "tcp6" = "tcp",
): number {
  const table = inside(namespace, () => readFileSync(`/proc/thread-self/net/${family}`, "latin1"));
  const rows = table.split("\n").slice(1);
  return rows.filter((row) => states.includes(row.trim().split(/\s+/)[3] ?? "")).length;
}

/** Counts an access log in which each line is a status: four bytes with the line feed. */
export function readLog(log: Buffer): Logged {
  let answered = 0;
  for (let at = 0; at < log.length; at += 4)
    if (log.toString("latin1", at, at + 4) === "200\n") answered += 1;
  return { answered, refused: log.length / 4 - answered };
}

function configuration(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `user root;
master_process off;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 16384; }
http {
  log_format status '$status';
  access_log ${folder}/access.log status buffer=64k;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join("\n")}
  keepalive_requests 1000000000;
  keepalive_timeout 75s;
  server {
    listen 127.0.0.1:${PORT} backlog=4096;
    location / { default_type text/plain; return 200 "hello, world\\n"; }
  }
}
`;
}
