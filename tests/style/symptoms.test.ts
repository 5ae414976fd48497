import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { FailureMode, Variant } from "../../harness/model/experiment.ts";
import { setupOf } from "../../harness/model/short-setup.ts";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import { ownOf, saidBySymptom } from "./symptoms.ts";

const modes = (await loadCatalogue())
  .map(({ experiment }) => experiment)
  .filter((one): one is FailureMode => one.kind === "failure-mode");

// A symptom that knows its experiment's ports, names or counts finds nothing but its experiment.
describe.each(modes.map((mode) => ({ id: mode.id, mode })))("the symptom of $id", ({ id, mode }) => {
  test("has no literal of its own experiment's setups", () => {
    const setups = Object.values(mode.variants as Record<string, Variant>).map(({ setup }) => setup);
    const own = ownOf(setups);
    const source = readFileSync(join(packageRoot, "experiments", id, "experiment.ts"), "utf8");
    const said = saidBySymptom(`experiments/${id}/experiment.ts`, source);
    expect([...said.strings].filter((string) => own.names.has(string))).toEqual([]);
    expect([...said.numbers].filter((number) => own.numbers.has(number))).toEqual([]);
  });
});

describe("a symptom's source", () => {
  const source = `
    const CLIENTS = 23;
    const STAY_MS = 1500;
    const left = { host: "server", state: "CLOSE-WAIT" };
    const other = 97;
    function many(view) { const other = 1; return 100 * view.count >= CLIENTS + other; }
    export const experiment = failureMode({
      variants: { buggy: { setup: setup(47, 97) } },
      symptom: [
        socketsStay({ ...left, port: 8080 }, atLeast(11), { forMs: 61 }).because("x"),
        { claim: \`\${CLIENTS} or more\`, test: many, forMs: STAY_MS },
      ],
    });`;

  test("says what it has, and what the declarations that it uses have, but no times", () => {
    const { strings, numbers } = saidBySymptom("x.ts", source);
    expect(strings).toEqual(new Set(["server", "CLOSE-WAIT", "x"]));
    expect(numbers).toEqual(new Set([8080, 11, 23, 1]));
  });
});

test("a setup's own literals are its names, its ports and its counts", () => {
  const setup = setupOf({
    servers: { shop: { run: "python3 {here}/x.py 8080", listens: 8080 } },
    clients: { load: "clients/short-tcp --to {server}:8081 --attempts 97 --hold-ms 600 --rate 50" },
    phases: [{ name: "load", until: { sockets: { host: "server", state: "CLOSE-WAIT" }, atLeast: 23 } }],
  });
  const { names, numbers } = ownOf([setup]);
  expect([...names]).toEqual(expect.arrayContaining(["shop", "load", "server", "client", "python3"]));
  expect(numbers).toEqual(new Set([8080, 8081, 97, 23]));
});
