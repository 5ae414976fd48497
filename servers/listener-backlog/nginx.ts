// nginx as a server of a trial: it says `ready PORT` when it listens. It needs an nginx on the PATH.
//
// `--backlog N` stands in its `listen`; without it, nginx chooses. On SIGHUP the configuration is written again, with
// `--next-backlog` if there is one, and nginx is told to read it: what `nginx -s reload` does.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "0.0.0.0" },
    backlog: { type: "string" },
    "next-backlog": { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "nginx-"));
const address = values.host.includes(":") ? `[${values.host}]` : values.host;
const file = join(folder, "nginx.conf");

// In a namespace with one user there is nobody else whom nginx's worker could become.
function configuration(backlog: string | undefined): string {
  return `
daemon off;
user root root;
worker_processes 1;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen ${address}:${values.port}${backlog === undefined ? "" : ` backlog=${backlog}`};
    location / { return 200 "here\\n"; }
  }
}
`;
}

/** Whether a row of /proc/net/tcp is a LISTEN (0A) of our port; asking by a connection would be counted as one. */
function listens(): boolean {
  const port = Number(values.port).toString(16).toUpperCase().padStart(4, "0");
  const rows = ["tcp", "tcp6"].flatMap((name) =>
    readFileSync(`/proc/self/net/${name}`, "latin1").split("\n"),
  );
  return rows.some((row) => row.includes(`:${port} `) && row.trim().split(/\s+/)[3] === "0A");
}

function sayWhenReady(): void {
  if (listens()) console.log(`ready ${values.port}`);
  else setTimeout(sayWhenReady, 20);
}

writeFileSync(file, configuration(values.backlog));
// An ordinary user's PATH often lacks the folders of system programs.
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
const nginx = spawn("nginx", ["-p", folder, "-e", "stderr", "-c", file], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PATH },
});
nginx.once("error", (error) => {
  console.error(`nginx cannot be run: ${error.message}; to install it: sudo apt-get install nginx-light`);
  process.exit(1);
});
nginx.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => nginx.kill("SIGTERM"));
process.on("SIGHUP", () => {
  writeFileSync(file, configuration(values["next-backlog"] ?? values.backlog));
  nginx.kill("SIGHUP");
});
sayWhenReady();
