import { expect, test } from "vitest";
import { processorMask } from "./in-order.ts";

test.each([
  [0, "1"],
  [1, "2"],
  [31, "80000000"],
  [32, "1,00000000"],
  [70, "40,00000000,00000000"],
])("processor %i is %s", (processor, mask) => {
  expect(processorMask(processor)).toBe(mask);
});
