import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

const TO = ["--to", "127.0.0.1:8080"];

test("--for limits when connections begin, and does not go with a step that waits for others", () => {
  expect(readOptions([...TO, "--for", "250", "close"])).toMatchObject({ beginsWithinMs: 250 });
  expect(readOptions([...TO, "close"])).toMatchObject({ beginsWithinMs: Number.POSITIVE_INFINITY });
  expect(() => readOptions([...TO, "--for", "250", "--connections", "2", "together 2"])).toThrow(
    "together does not go with --for",
  );
});
