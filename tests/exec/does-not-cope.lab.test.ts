import { afterAll, expect, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { DOES_NOT_COPE } from "./expected/does-not-cope.ts";
import { OF_THE_CATALOGUE } from "./expected/others.ts";
import { shownBy, wantedOf } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

test.each([...DOES_NOT_COPE, ...OF_THE_CATALOGUE])("$server, $command: $because", (one) => {
  expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
});
