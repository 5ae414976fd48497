import { afterAll, describe, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { CASES, WIRES } from "./expected.ts";
import { tryCase } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

describe("a client that copes", () => {
  test.each(CASES.filter(({ copes }) => copes))("$server, $command: $because", (one) =>
    tryCase(one, folder.path),
  );
});

describe("a word of the wire", () => {
  test.each(WIRES)("$wire, $command: $because", (one) => tryCase(one, folder.path));
});
