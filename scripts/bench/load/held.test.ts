import { expect, test } from "vitest";
import { mostMemoryMb } from "./held.ts";

test("the peak memory of a process is read from its status", () => {
  expect(mostMemoryMb("VmPeak:\t 1234567 kB\nVmHWM:\t   97000 kB\nVmRSS:\t 1000 kB\n")).toBeCloseTo(
    99.328,
    9,
  );
  expect(mostMemoryMb("")).toBe(0);
});
