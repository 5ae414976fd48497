import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { entryCommand } from "../harness/lab/entry.ts";
import { packageRoot } from "../harness/lab/paths.ts";

// The check that a lab changes nothing must itself detect every change. Here a program makes some changes in a namespace of its own.

const program = join(packageRoot, "tests", "fixtures", "changed-interfaces.ts");
let moved: Record<string, string[]>;

beforeAll(() => {
  const script = `mount -t sysfs sysfs /sys && exec ${process.execPath} --import tsx ${program}`;
  const { executable, args } = entryCommand(["sh", "-c", script]);
  const { stdout, stderr } = spawnSync(executable, args, { cwd: packageRoot, encoding: "utf8" });
  if (stdout === "") throw new Error(`the program changed nothing: ${stderr}`);
  moved = JSON.parse(stdout) as typeof moved;
});

test("the state of the host's interfaces is equal when nothing changes", () => {
  expect(moved["nothing"]).toEqual([]);
});

test.each([
  ["another interface", ["near flags", "near mtu", "far flags"]],
  ["IPv4 on an interface that is down", ["fib_trie"]],
  ["IPv6 on an interface that is down", ["if_inet6"]],
  ["up", ["near flags", "far flags", "addresses"]],
  ["IPv4 on an interface that is up", ["fib_trie", "addresses"]],
  ["another MTU", ["near mtu"]],
  ["another flag", ["near flags"]],
  ["down", ["near flags"]],
])("it shows %s", (change, keys) => {
  expect(moved[change]).toEqual(expect.arrayContaining(keys));
});
