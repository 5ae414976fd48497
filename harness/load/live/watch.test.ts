import { expect, test } from "vitest";
import { pauseMs } from "./watch.ts";

test.each([
  [0.5, 100],
  [4, 100],
  [12, 300],
  [500, 2000],
])("a look of %d ms of processor time is followed by a pause of %d ms", (tookMs, pause) => {
  expect(pauseMs(tookMs)).toBe(pause);
});
