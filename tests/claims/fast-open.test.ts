import { expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test("C93 and C202 are refuted if a kernel accepts no data in SYNs", () => {
  const untaken = doctored(reference("fast-open-switches/as-server"), (sample) =>
    sample.kind === "counters" ? { ...sample, deltas: {} } : sample,
  );
  const others = { "fast-open-switches/as-server": untaken };
  expect(settled("C93", others).verdict).toBe("refuted");
  expect(settled("C202", others).verdict).toBe("refuted");
});
