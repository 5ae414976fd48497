// Healthy programs in all that looks strange about them, each in a network namespace of its own. Runs the doctor in each, and prints what
// it printed. It runs inside namespaces of its own: inLab().
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Doctored, Place } from "./place.ts";

const PORT = 8080;
const TO = ["--to", `127.0.0.1:${PORT}`];
const each = (count: number, ...calls: string[]): string[] =>
  Array.from({ length: count }, () => calls).flat();
const echo = (place: Place): Promise<void> =>
  place.serve(PORT, () => place.node("servers/close-wait-leak/fixed", "--port", String(PORT)));
const CONNECT = `connect 127.0.0.1:${PORT}`;

/** Prepares a healthy host. `loadMs`: how long its load must go on. It may return more to do while the doctor looks. */
type Scene = (place: Place, loadMs: number) => Promise<void | (() => Promise<void>)>;

const SCENES: Record<string, Scene> = {
  "an idle server": echo,

  "500 short connections a second": async (place, loadMs) => {
    await echo(place);
    const load = ["--duration-ms", String(loadMs), "--rate", "500", "--concurrency", "97"];
    place.node("clients/short-tcp", ...TO, ...load, "--report", "histograms");
    await place.sockets("TIME-WAIT", 97, [PORT]);
  },

  "1000 idle kept connections": async (place) => {
    await echo(place);
    const kept = [
      "--attempts",
      "1000",
      "--concurrency",
      "1000",
      "--hold-ms",
      "600000",
      "--within-ms",
      "3600000",
    ];
    place.node("clients/long-tcp", ...TO, ...kept);
    await place.sockets("ESTABLISHED", 2000, [PORT]);
  },

  "TIME-WAIT in thousands at the listener": async (place) => {
    await place.serve(PORT, () =>
      place.node("servers/close-wait-leak/closing-server", "--port", String(PORT)),
    );
    place.node("clients/short-tcp", ...TO, "--attempts", "3001", "--concurrency", "23", "--close", "server");
    // On loopback connect() takes a port out of TIME-WAIT after a second.
    await place.sockets("TIME-WAIT", 2000, [PORT]);
  },

  "TIME-WAIT in thousands at the connector": async (place) => {
    await echo(place);
    place.node("clients/short-tcp", ...TO, "--attempts", "3001", "--concurrency", "23");
    await place.sockets("TIME-WAIT", 2000, [PORT]);
  },

  "a preforking server": async (place) => {
    await place.serve(PORT, () => place.start("python3", "tests/fixtures/prefork.py", String(PORT)));
    place.node("clients/calls", ...each(7, CONNECT, "send 97", "recv 97", "keep"), "stay");
    await place.sockets("ESTABLISHED", 14, [PORT]);
  },

  "half-closed clients that wait": async (place) => {
    await place.serve(PORT, () =>
      place.start("python3", "tests/fixtures/late-answer.py", String(PORT), "600"),
    );
    place.node("clients/calls", ...each(23, CONNECT, "send 97", "shutdown write", "keep"), "stay");
    await place.sockets("CLOSE-WAIT", 23, [PORT]);
  },

  "an idle pool with some CLOSE-WAIT": async (place) => {
    await place.serve(PORT, () =>
      place.node("servers/close-wait-leak/closing-server", "--port", String(PORT)),
    );
    place.node("clients/calls", ...each(23, CONNECT, "send 97", "recv 97", "keep"), "stay");
    await place.sockets("CLOSE-WAIT", 23, [PORT]);
  },

  "nginx under load and in reload": async (place, loadMs) => {
    const config = join(place.folder, "nginx.conf");
    writeFileSync(config, NGINX);
    let master: number | undefined;
    await place.serve(PORT, () => {
      master = place.start("nginx", "-p", place.folder, "-e", "stderr", "-c", config).pid;
    });
    return underLoad(place, loadMs, () => master !== undefined && process.kill(master, "SIGHUP"));
  },

  "haproxy under load and in reload": async (place, loadMs) => {
    const backend = join(place.folder, "nginx.conf");
    writeFileSync(backend, NGINX.replaceAll(String(PORT), "8081"));
    await place.serve(8081, () => place.start("nginx", "-p", place.folder, "-e", "stderr", "-c", backend));
    const config = join(place.folder, "haproxy.cfg");
    writeFileSync(config, HAPROXY);
    let master: number | undefined;
    await place.serve(PORT, () => {
      master = place.start("haproxy", "-W", "-q", "-f", config).pid;
    });
    return underLoad(place, loadMs, () => master !== undefined && process.kill(master, "SIGUSR2"));
  },

  "lighttpd under load and in reload": async (place, loadMs) => {
    const config = join(place.folder, "lighttpd.conf");
    writeFileSync(config, lighttpd(place.folder));
    writeFileSync(join(place.folder, "index.html"), "hello\n");
    let master: number | undefined;
    await place.serve(PORT, () => {
      master = place.start("lighttpd", "-D", "-f", config).pid;
    });
    return underLoad(place, loadMs, () => master !== undefined && process.kill(master, "SIGUSR1"));
  },
};

/** Short and kept requests, and idle connections; the server reads its configuration again while the doctor looks. */
async function underLoad(place: Place, loadMs: number, reload: () => unknown): Promise<() => Promise<void>> {
  const load = [...TO, "--duration-ms", String(loadMs), "--report", "histograms", "--concurrency", "23"];
  place.node("clients/short-http", ...load, "--rate", "199");
  place.node("clients/long-http", ...load, "--rate", "199");
  place.node("clients/calls", ...each(47, CONNECT, "keep"), "stay");
  await place.sockets("ESTABLISHED", 47, [PORT]);
  return async () => {
    await sleep(1000);
    reload();
  };
}

const NGINX = `
user root; daemon off; worker_processes 2; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server { listen ${PORT}; location / { return 200 "hello\\n"; } }
}
`;
const HAPROXY = `
global
  maxconn 997
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout http-keep-alive 30s
frontend in
  bind :${PORT}
  default_backend out
backend out
  server one 127.0.0.1:8081 check inter 200ms
  server two 127.0.0.1:8081 check inter 200ms
`;
const lighttpd = (folder: string): string => `
server.document-root = "${folder}"
server.port = ${PORT}
server.pid-file = "${folder}/pid"
index-file.names = ("index.html")
`;

async function play(name: string, seconds: number): Promise<Doctored & { failed?: string }> {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`there is no scene ${name}`);
  const place = new Place(name);
  try {
    // The load goes on for longer than the doctor takes, also on a busy machine.
    const meanwhile = await scene(place, seconds * 1000 + 30_000);
    const doctor = place.startDoctor("--duration", String(seconds));
    await doctor.looks;
    await meanwhile?.();
    return await doctor.ended;
  } catch (error) {
    return {
      status: null,
      stderr: "",
      document: null,
      failed: error instanceof Error ? error.message : String(error),
    };
  }
}

const [seconds = "3", ...names] = process.argv.slice(2);
const results: Record<string, Doctored> = {};
await Promise.all(names.map(async (name) => (results[name] = await play(name, Number(seconds)))));
console.log(JSON.stringify(results));
// The programs end with this process: it is pid 1 of its pid namespace.
process.exit(0);
