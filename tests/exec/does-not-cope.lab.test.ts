import { afterAll, expect, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { CASES, OF_THE_CATALOGUE } from "./expected.ts";
import { shownBy, wantedOf } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

const cases = [...CASES.filter(({ copes }) => !copes), ...OF_THE_CATALOGUE];

test.each(cases)("$server, $command: $because", (one) => {
  expect(shownBy(one, folder.path)).toMatchObject(wantedOf(one));
});
