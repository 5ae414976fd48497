import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFault } from "./node-version.ts";
import { packageRoot } from "./paths.ts";

test.each(["20.19.0", "20.20.2", "21.0.0", "22.1.0", "26.10.0"])("Node.js %s runs lastack", (version) => {
  expect(nodeFault(version)).toBeNull();
});

test.each(["18.20.4", "20.18.3", "16.0.0"])("Node.js %s is too old", (version) => {
  expect(nodeFault(version)).toEqual({
    reason: `Node.js ${version}`,
    remedy: "install Node.js 20.19 or newer",
  });
});

test("the oldest version is the one in package.json", () => {
  const { engines } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  const oldest = engines.node.replace(">=", "");
  expect(nodeFault(`${oldest}.0`)).toBeNull();
  expect(nodeFault("18.0.0")?.remedy).toContain(oldest);
});
