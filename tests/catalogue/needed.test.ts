import { describe, expect, test } from "vitest";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import type { Variant } from "../../harness/model/experiment.ts";
import { calls, neededBy } from "./needed.ts";

const catalogue = await loadCatalogue();
const needed = new Map<string, string[]>(
  catalogue.flatMap(({ experiment: { id, variants } }) =>
    Object.entries(variants as Record<string, Variant>).map(
      ([name, { setup }]) => [`${id}/${name}`, neededBy(setup)] as const,
    ),
  ),
);

describe("a variant needs what its programs call", () => {
  test.each([
    ["http-keep-alive/nginx", ["nginx"]],
    ["http-keep-alive/python", ["python3"]],
    ["http-first-close/idle", ["nginx", "python3"]],
    ["listener-backlog/nginx", ["nginx"]],
    ["nat-shares-ports/two-clients", ["nft"]],
    ["nat-shares-ports/no-router", []],
    ["close-wait-leak/buggy", []],
  ])("%s: %j", (variant, programs) => {
    expect(needed.get(variant)).toEqual(programs);
  });

  test("most variants need nothing", () => {
    const some = [...needed.values()].filter((programs) => programs.length > 0);
    expect(some.length).toBeGreaterThanOrEqual(14);
    expect(some.length).toBeLessThan(needed.size / 4);
  });
});

test("a name is no call if it is part of another word, or if the source starts no process", () => {
  const starts = `import { spawn } from "node:child_process";\n`;
  expect(calls(`${starts}spawn("nginx", []);`, "nginx")).toBe(true);
  expect(calls(`${starts}spawn("nginx-debug", []); // nginx`, "nginx")).toBe(false);
  expect(calls(`console.log("nginx");`, "nginx")).toBe(false);
});
