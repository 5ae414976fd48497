import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CheckOrder } from "../../harness/check/order.ts";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";

/** The command line of a reference server, as a user would write it. `words` stand behind the port. */
export function referenceCommand(
  server: string,
  port: number,
  words: readonly string[] = [],
): CheckOrder["command"] {
  const python = join(packageRoot, "servers", `${server}.py`);
  if (existsSync(python)) return ["python3", python, String(port), ...words];
  return [process.execPath, compiled(`servers/${server}.js`), "--port", String(port), ...words];
}
