// Python's own HTTP server, which is not told a backlog: it says `ready PORT` when it listens. It needs a python3 on the PATH.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "0.0.0.0" } },
});
// What it serves: an empty folder.
const folder = mkdtempSync(join(tmpdir(), "python-"));

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

const python = spawn(
  "python3",
  ["-m", "http.server", "--bind", values.host, "--directory", folder, values.port],
  {
    stdio: ["ignore", "ignore", "inherit"],
  },
);
python.once("error", (error) => {
  console.error(`python3 cannot be run: ${error.message}; to install it: sudo apt-get install python3`);
  process.exit(1);
});
python.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 0);
});
process.once("SIGTERM", () => python.kill("SIGTERM"));
sayWhenReady();
