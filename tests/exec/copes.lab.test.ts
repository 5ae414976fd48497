import { afterAll, describe, expect, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { COPES } from "./expected/copes.ts";
import { WIRES } from "./expected/others.ts";
import { shownBy, wantedOf } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

describe("a client that copes", () => {
  test.each(COPES)("$server, $command: $because", (one) => {
    expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
  });
});

describe("a word of the wire", () => {
  test.each(WIRES)("$wire, $command: $because", (one) => {
    expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
  });
});
