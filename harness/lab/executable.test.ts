import { expect, test } from "vitest";
import { executableOf, SEARCHED } from "./executable.ts";

test("only a command that lastack knows has a package to install", () => {
  expect(() => executableOf("pyton3", "/")).toThrow(
    expect.objectContaining({ message: `there is no command pyton3 in ${SEARCHED.join(":")}` }),
  );
});
