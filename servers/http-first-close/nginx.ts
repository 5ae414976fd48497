// nginx, as it is when nothing is set that matters here: it must be installed.
//
// On the wire: after an answer to HTTP/1.0, or to `Connection: close`, its FIN. Otherwise it waits for the next request, for 75 s
// (keepalive_timeout), and then closes.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8081" }, host: { type: "string", default: "0.0.0.0" } },
});
const folder = mkdtempSync(join(tmpdir(), "nginx-"));

// One process, and no change of its user: in the laboratory there may be only one.
const configuration = `
user root;
daemon off;
master_process off;
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
    listen ${values.host}:${values.port};
    location / { return 200 "hello\\n"; }
  }
}
`;

/** Whether a row of /proc/net/tcp is a LISTEN (0A) of our port; asking by a connection would be counted as one. */
function listens(): boolean {
  const port = Number(values.port).toString(16).toUpperCase().padStart(4, "0");
  const rows = readFileSync("/proc/self/net/tcp", "latin1").split("\n");
  return rows.some((row) => row.includes(`:${port} `) && row.trim().split(/\s+/)[3] === "0A");
}

function sayWhenReady(): void {
  if (listens()) console.log(`ready ${values.port}`);
  else setTimeout(sayWhenReady, 20);
}

writeFileSync(join(folder, "nginx.conf"), configuration);
// An ordinary user's PATH often lacks the folders of system programs.
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
const nginx = spawn("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PATH },
});
nginx.once("error", (error) => {
  console.error(`nginx cannot be run: ${error.message}; to install it: sudo apt-get install nginx-light`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(1);
});
nginx.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => nginx.kill("SIGTERM"));
sayWhenReady();
