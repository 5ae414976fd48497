import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { entryCommand } from "./entry.ts";

/** The soft and the hard limit of core files, as the kernel prints them. */
const limits = (text: string): string[] => /^Max core file size +(\S+) +(\S+)/m.exec(text)?.slice(1) ?? [];

test("a program that crashes in the lab leaves no core file, and does not start the host's core collector", () => {
  const [, hard] = limits(readFileSync("/proc/self/limits", "latin1"));
  const { executable, args } = entryCommand(["cat", "/proc/self/limits"]);
  const { stdout } = spawnSync(executable, args, { encoding: "utf8" });
  expect(limits(stdout)).toEqual(hard === "0" ? ["0", "0"] : ["1", "1"]);
});
