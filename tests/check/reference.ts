import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CheckOrder } from "../../harness/check/order.ts";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";

/** The command line of a reference server, as a user would write it. */
export function referenceCommand(server: string, port: number): CheckOrder["command"] {
  const python = join(packageRoot, "servers", `${server}.py`);
  if (existsSync(python)) return ["python3", python, String(port)];
  return [process.execPath, compiled(`servers/${server}.js`), "--port", String(port)];
}
