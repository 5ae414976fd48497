import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../lab/paths.ts";
import { loadCatalogue } from "./catalogue.ts";
import { serversOf } from "./servers.ts";

test("every server that serve offers can be bound to loopback, and changes nothing of the host", async () => {
  const names = serversOf(await loadCatalogue());
  expect(names.length).toBeGreaterThan(50);
  const sources = names.map((name) => ({
    name,
    text: readFileSync(join(packageRoot, "servers", `${name}.ts`), "utf8"),
  }));
  const lacking = sources.filter(({ text }) => !/\bhost: \{ type: "string"/.test(text));
  expect(lacking.map(({ name }) => name)).toEqual([]);
  const changing = sources.filter(({ text }) => /\bnft\b|\bwriteFileSync\b/.test(text));
  expect(changing.map(({ name }) => name)).toEqual([]);
});
