// nginx in front of one backend, as a program of a trial. It prints `ready PORT` when nginx listens, and ends on SIGTERM.
//
// `--keep-alive N`: how many idle connections to the backend nginx keeps. With 0 it keeps none: it sends `Connection: close` with each
// request, and opens another connection for the next one. This was nginx's default until 1.29.7.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8000" },
    upstream: { type: "string", default: "127.0.0.1:8080" },
    "keep-alive": { type: "string", default: "0" },
  },
});
const keepAlive = Number(values["keep-alive"]);
const folder = mkdtempSync(join(tmpdir(), "nginx-"));

const configuration = `
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
  upstream backend {
    server ${values.upstream};
    ${keepAlive > 0 ? `keepalive ${keepAlive};` : ""}
  }
  server {
    listen ${values.port};
    location / {
      proxy_pass http://backend;
      ${keepAlive > 0 ? 'proxy_http_version 1.1;\n      proxy_set_header Connection "";' : ""}
    }
  }
}
`;

/** Whether /proc/net/tcp has a LISTEN (0A) row with our port. A test by connecting would add a connection to the counts. */
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
const nginx = spawn("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], {
  stdio: ["ignore", "ignore", "inherit"],
});
nginx.once("error", (error) => {
  console.error(`nginx cannot be run: ${error.message}`);
  process.exit(1);
});
nginx.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => nginx.kill("SIGTERM"));
sayWhenReady();
