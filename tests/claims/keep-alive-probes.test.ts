import { expect, test } from "vitest";
import { reference, settled } from "./settled.ts";

test.each([
  ["C94", "refuted"],
  ["C95", "holds"],
  ["C96", "holds"],
  ["C97", "holds-with-limits"],
])("%s on the committed recordings: %s", (id, verdict) => {
  expect(settled(id).verdict).toBe(verdict);
});

test("C94: a value that somebody has set is no default", () => {
  const others = { "keep-alive-probes/defaults": reference("keep-alive-probes/three-probes") };
  const { under } = settled("C94", others);
  expect(under[0]?.observed.en).toContain("tcp_keepalive_time by default: ?");
});

test("C95: without probes, dead and living peers cannot be distinguished", () => {
  const others = { "half-open-idle/fixed-by-keepalive": reference("half-open-idle/buggy") };
  expect(settled("C95", others).verdict).toBe("refuted");
});

test("C96: an idle timeout also removes the living peer", () => {
  const others = { "half-open-idle/fixed-by-keepalive": reference("half-open-idle/fixed") };
  expect(settled("C96", others).verdict).toBe("refuted");
});

test("C97 holds with times of seconds instead of hours, and no data under way", () => {
  const probed = reference("keep-alive-probes/three-probes");
  const others = { "keep-alive-probes/defaults": probed, "keep-alive-probes/data-under-way": probed };
  expect(settled("C97", others).verdict).toBe("holds");
});

test("C97 is refuted if a kernel sends no probes", () => {
  const others = { "keep-alive-probes/three-probes": reference("keep-alive-probes/data-under-way") };
  expect(settled("C97", others).verdict).toBe("refuted");
});
