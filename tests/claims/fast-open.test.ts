import { expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test.each([
  ["C91", "holds-with-limits"],
  ["C92", "holds-with-limits"],
  ["C93", "holds-with-limits"],
  ["C201", "holds"],
  ["C202", "holds"],
])("%s on the committed recordings: %s", (id, verdict) => {
  expect(settled(id).verdict).toBe(verdict);
});

test("C91 is refuted if the client does not use its cookie and saves nothing", () => {
  expect(settled("C91", { "fast-open/with-cookie": reference("fast-open/plain") }).verdict).toBe("refuted");
});

test("C92 is refuted with tcp_fastopen 0x203 at the server, and holds without it", () => {
  const unchecked = { "fast-open-switches/forged": reference("fast-open-switches/unchecked") };
  expect(settled("C92", unchecked).verdict).toBe("refuted");
  const checked = { "fast-open-switches/unchecked": reference("fast-open-switches/forged") };
  expect(settled("C92", checked).verdict).toBe("holds");
});

test("C93 and C202 are refuted if a kernel accepts no data in SYNs", () => {
  const untaken = doctored(reference("fast-open-switches/as-server"), (sample) =>
    sample.kind === "counters" ? { ...sample, deltas: {} } : sample,
  );
  const others = { "fast-open-switches/as-server": untaken };
  expect(settled("C93", others).verdict).toBe("refuted");
  expect(settled("C202", others).verdict).toBe("refuted");
});

test("C201 is refuted if a server answers after the handshake", () => {
  const others = { "fast-open/with-cookie": reference("fast-open/another-key") };
  expect(settled("C201", others).verdict).toBe("refuted");
});
