import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkDocument, probeDocument } from "./document.fixture.ts";
import { lastCheck, remember } from "./memory.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const target = {
  command: ["node", "server.js"],
  options: { port: 8080, env: { MODE: "test" }, patience: 0.5 },
};

/** The folder of a check that began in that second. */
function begun(out: string, second: string): string {
  const made = join(folder, out, `2026-11-21T05-44-${second}Z`);
  mkdirSync(made, { recursive: true });
  return made;
}

test("the probes that failed in the last check are remembered, with its target", () => {
  remember(target, checkDocument([probeDocument("old", "fail")], { folder: begun("a", "09") }), false);
  const probes = [probeDocument("one", "fail"), probeDocument("two", "warn"), probeDocument("three", "pass")];
  const last = begun("a", "10");
  remember(target, checkDocument(probes, { folder: last }), false);
  expect(lastCheck(join(folder, "a"))).toEqual({ target, failed: ["one"], folder: last });
  remember(target, checkDocument(probes, { folder: last }), true);
  expect(lastCheck(join(folder, "a"))?.failed).toEqual(["one", "two"]);
});

test("a check that could not begin, was interrupted before a probe failed, or is damaged does not count", () => {
  remember(target, checkDocument([probeDocument("one", "fail")], { folder: begun("b", "10") }), false);
  remember(
    target,
    checkDocument([], { folder: begun("b", "11"), notChecked: "It listened nowhere." }),
    false,
  );
  const cut = checkDocument([probeDocument("one", "pass")], { folder: begun("b", "12"), interrupted: true });
  remember(target, cut, false);
  writeFileSync(join(begun("b", "13"), "check.json"), '{"target":{"comm');
  writeFileSync(
    join(begun("b", "14"), "check.json"),
    '{"target":{"command":["x"],"options":{"odd":1}},"failed":[]}',
  );
  mkdirSync(join(folder, "b", "notes"));
  expect(lastCheck(join(folder, "b"))?.failed).toEqual(["one"]);
});

test("a folder that does not exist has no check, and a file is an error", () => {
  expect(lastCheck(join(folder, "nowhere"))).toBeNull();
  writeFileSync(join(folder, "file"), "");
  expect(() => lastCheck(join(folder, "file"))).toThrow(
    /cannot read the folder .*file: a part of the path is a file/,
  );
});
