import { afterAll, describe, expect, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { CASES, WIRES } from "./expected.ts";
import { shownBy, wantedOf } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

describe("a client that copes", () => {
  test.each(CASES.filter(({ copes }) => copes))("$server, $command: $because", (one) => {
    expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
  });
});

describe("a word of the wire", () => {
  test.each(WIRES)("$wire, $command: $because", (one) => {
    expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
  });
});
