// Python's http.server, which speaks HTTP/1.0 unless `--protocol HTTP/1.1` says otherwise.
//
// On the wire, with 1.0: an answer without a Connection header, and a FIN, whatever the client asks. With 1.1: the same answer, and the
// connection stays until the client closes it. There is no idle limit.
// It ends with a sentence when there is no Python to be run.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, protocol: { type: "string", default: "HTTP/1.0" } },
});
// It serves the folder that it runs in: an empty one.
const folder = mkdtempSync(join(tmpdir(), "python-"));
// The module's own main: `--protocol` is an option of its command line only since 3.11.
const serve = [
  "import sys, http.server as h",
  "h.test(h.SimpleHTTPRequestHandler, h.ThreadingHTTPServer, sys.argv[2], int(sys.argv[1]), '0.0.0.0')",
].join("\n");

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

// The system's own first: another one on the path may want an environment that a program of a trial does not have.
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const child = spawn(python, ["-c", serve, values.port, values.protocol], { cwd: folder, stdio: "ignore" });
child.once("error", (error) => {
  rmSync(folder, { recursive: true, force: true });
  console.error(`python3 cannot be run: ${error.message}; to install it: sudo apt-get install python3`);
  process.exit(1);
});
child.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => child.kill("SIGKILL"));
sayWhenReady();
