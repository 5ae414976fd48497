import { afterAll, test } from "vitest";
import { folderFor } from "../lab/user.ts";
import { CASES } from "./expected.ts";
import { tryCase } from "./one-case.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

test.each(CASES.filter(({ copes }) => !copes))("$server, $command: $because", (one) =>
  tryCase(one, folder.path),
);
