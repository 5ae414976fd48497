import { afterAll, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { CASES, OF_THE_CATALOGUE } from "./expected.ts";
import { tryCase } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

test.each([...CASES.filter(({ copes }) => !copes), ...OF_THE_CATALOGUE])(
  "$server, $command: $because",
  (one) => tryCase(one, folder.path),
);
