// nginx, with its idle limit for connections set from 75 s to 2 s; all else is as it comes.
//
// On the wire: to HTTP/1.1 an answer with `Connection: keep-alive`, and after 2 s of silence a FIN. nginx says how long it will wait
// only when it is told to, as the second number of keepalive_timeout.
// It ends with a sentence when there is no nginx to be run.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
const folder = mkdtempSync(join(tmpdir(), "nginx-"));

// In a user namespace with one user it cannot become another, nor give its folders to one: it stays root, and one process.
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
  keepalive_timeout 2s;
  server {
    listen ${values.port};
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
  rmSync(folder, { recursive: true, force: true });
  console.error(`nginx cannot be run: ${error.message}; to install it: sudo apt-get install nginx-light`);
  process.exit(1);
});
nginx.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => nginx.kill("SIGTERM"));
sayWhenReady();
