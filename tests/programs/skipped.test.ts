import { describe, expect, test } from "vitest";
import { closedLine, isStrict, skipLines, type Skipped } from "./skipped.ts";

const skipped = (name: string, ...missing: Skipped["missing"]): Skipped => ({ name, missing });
const SOME = [
  skipped("a", "tshark"),
  skipped("b", "nginx", "python3"),
  skipped("c", "nginx"),
  skipped("d", "tshark"),
  skipped("e", "tshark"),
];

describe("the end of a run", () => {
  test("has a line for each missing program, with the number of skipped tests and the command that installs it", () => {
    expect(skipLines(SOME, false)).toEqual([
      "2 tests were skipped, because nginx is not installed: sudo apt-get install nginx-light",
      "1 test was skipped, because python3 is not installed: sudo apt-get install python3",
      "3 tests were skipped, because tshark is not installed: sudo apt-get install tshark",
    ]);
  });

  test("has no line if nothing is missing", () => {
    expect(skipLines([], false)).toEqual([]);
    expect(skipLines([], true)).toEqual([]);
    expect(skipLines([skipped("left out")], false)).toEqual([]);
  });

  test("says if skipping is a failure, and names tests that were skipped without a missing program", () => {
    expect(skipLines([skipped("a", "nft"), skipped("left out")], true)).toEqual([
      "1 test was skipped, because nft is not installed: sudo apt-get install nftables",
      "skipped: left out",
      "2 tests were skipped, and with CI set that is a failure",
    ]);
  });
});

test("the end of a run says that nobody but root can enter a project in root's home", () => {
  expect(closedLine("/root", false)).toMatch(
    /^nothing was tested as an ordinary user, .* \/root: move the project$/,
  );
  expect(closedLine("/root", true)).toMatch(/with CI set that is a failure$/);
});

test.each([
  [{ CI: "true" }, true],
  [{ CI: "1" }, true],
  [{ CI: "false" }, false],
  [{ CI: "" }, false],
  [{}, false],
])("the environment %j makes a skipped test a failure: %s", (env, strict) => {
  expect(isStrict(env)).toBe(strict);
});
