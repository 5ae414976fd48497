import { expect, test } from "vitest";
import { firstHalf } from "./half-a-request.ts";

test.each([
  ["http", "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "GET / HTTP/1.1\\r\\nHost: a\\r\\n"],
  ["bytes", "hello\\n", "hel"],
  ["bytes", "\\x41\\x42", "\\x41"],
  ["bytes", "a", "a"],
  ["bytes", "\\r\\n", "\\r"],
] as const)("half of a request of %s: %s", (speaks, request, half) => {
  expect(firstHalf({ request, speaks })).toBe(half);
});
