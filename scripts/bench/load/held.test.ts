import { expect, test } from "vitest";
import { mostMemoryMb } from "./held.ts";

test("the most memory that a process has had is read from its status", () => {
  expect(mostMemoryMb("VmPeak:\t 1234567 kB\nVmHWM:\t   97000 kB\nVmRSS:\t 1000 kB\n")).toBeCloseTo(
    99.328,
    9,
  );
  expect(mostMemoryMb("")).toBe(0);
});
