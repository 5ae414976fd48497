import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { missingOf } from "./needs.ts";
import { installs, PACKAGES, PROGRAMS } from "./packages.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-programs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a program", () => {
  test("is missing if no folder of the PATH has it, or if the file cannot be executed", () => {
    const [has, cannot] = [join(folder, "has"), join(folder, "cannot")];
    for (const at of [has, cannot]) {
      mkdirSync(at);
      writeFileSync(join(at, "capinfos"), "#!/bin/sh\n");
    }
    chmodSync(join(has, "capinfos"), 0o755);
    mkdirSync(join(cannot, "tshark"));
    expect(missingOf(["capinfos"], `${cannot}:${has}`)).toEqual([]);
    expect(missingOf(["tshark", "capinfos", "tshark"], cannot)).toEqual(["capinfos", "tshark"]);
    expect(missingOf(["capinfos"], "")).toEqual(["capinfos"]);
    expect(missingOf([], cannot)).toEqual([]);
  });

  test.each(PROGRAMS)("%s has a command that installs it", (program) => {
    expect(installs(program)).toBe(`sudo apt-get install ${PACKAGES[program]}`);
    expect(PACKAGES[program]).toMatch(/^[a-z][a-z0-9-]+$/);
  });
});
