import { expect, test } from "vitest";
import { limitsAndHttp } from "../../harness/claims/rules/limits-and-http.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { doctored, reference, settled } from "./settled.ts";

test.each(Object.keys(limitsAndHttp))("%s is inconclusive if its trial is missing", (id) => {
  expect(settled(id, { [settled(id).under[0]?.in[0] ?? ""]: null }).verdict).toBe("inconclusive");
});

/** The same trial on a kernel that allows each process this many descriptors. */
const allowed = (trial: string, descriptorLimit: number): Recording =>
  doctored(reference(trial), (sample) =>
    sample.kind === "processes"
      ? { ...sample, processes: sample.processes.map((row) => ({ ...row, descriptorLimit })) }
      : sample,
  );

test("C98 holds if every connection has a descriptor", () => {
  const others = Object.fromEntries(
    ["connection-limits/queued", "connection-limits/short"].map((trial) => [trial, allowed(trial, 997)]),
  );
  expect(settled("C98", others).verdict).toBe("holds");
});
