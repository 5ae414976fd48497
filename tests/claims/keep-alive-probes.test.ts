import { expect, test } from "vitest";
import { reference, settled } from "./settled.ts";

test("C94: a value that somebody has set is no default", () => {
  const others = { "keep-alive-probes/defaults": reference("keep-alive-probes/three-probes") };
  const { under } = settled("C94", others);
  expect(under[0]?.observed.en).toContain("tcp_keepalive_time by default: ?");
});
