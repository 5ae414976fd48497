import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { entryCommand } from "../../harness/lab/entry.ts";
import { packageRoot } from "../../harness/lab/paths.ts";

/**
 * Runs a TypeScript program as pid 1 of namespaces of its own, where it may make network namespaces, and returns the JSON document of the
 * last line that it prints. All that it started ends with it.
 */
export function inLab<T>(program: string, args: string[], input = ""): T {
  const { executable, args: words } = entryCommand([
    process.execPath,
    ...["--import", "tsx", join(packageRoot, program)],
    ...args,
  ]);
  const { stdout, stderr } = spawnSync(executable, words, {
    cwd: packageRoot,
    encoding: "utf8",
    input,
    timeout: 900_000,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
  });
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`${program} printed no document: ${stderr.slice(-4000)}`);
  return JSON.parse(last) as T;
}
