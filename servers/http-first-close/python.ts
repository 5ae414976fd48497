// Python's http.server, as `python3 -m http.server` starts it: python3 must be installed.
//
// On the wire: it answers in HTTP/1.0, whatever it was asked in, and closes after each answer.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8082" }, host: { type: "string", default: "0.0.0.0" } },
});
const folder = mkdtempSync(join(tmpdir(), "http-server-"));

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

writeFileSync(join(folder, "index.html"), "hello\n");
const args = ["-m", "http.server", values.port, "--bind", values.host, "--directory", folder];
// It writes a line for each request to its standard error.
const python = spawn("python3", args, { stdio: "ignore" });
python.once("error", (error) => {
  console.error(`python3 cannot be run: ${error.message}; to install it: sudo apt-get install python3`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(1);
});
python.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => python.kill("SIGTERM"));
sayWhenReady();
