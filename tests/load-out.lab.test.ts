import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compiled } from "../harness/lab/paths.ts";
import { cleanUp, folder, load, type Load, serve } from "./lab/load-command.ts";

afterAll(cleanUp);

const made = (name: string): string => {
  const out = join(folder.path, name);
  mkdirSync(out);
  return out;
};

describe("load --out", () => {
  test("on a full disk: the result is printed all the same, and no part of it is left", async () => {
    const { port } = await serve("http-server");
    const out = made("full");
    // A disk of one page, seen only by this command.
    const script = `mount -t tmpfs -o size=4k tmpfs "$1" && shift && "$@"; code=$?; ls -A ${out} >&2; exit $code`;
    const command = [process.execPath, compiled("harness/cli/main.js"), "load", `http://127.0.0.1:${port}/`];
    const options = ["--out", out, "--duration", "0.6", "--connections", "3", "--json"];
    const child = spawn("unshare", ["-rm", "sh", "-c", script, "sh", out, ...command, ...options]);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    expect(stderr).toMatch(
      /lastack: cannot write the result to .*full: no space is left on that disk \(ENOSPC\)/,
    );
    expect(stderr).toMatch(/The report on standard output is complete\.\n$/);
    expect(child.exitCode).toBe(69);
    expect((JSON.parse(stdout) as Load).requests).toBeGreaterThan(0);
  });

  test.each(["load.hlog", "looks.ndjson", "load.json"])(
    "overwrites no %s, follows no link of that name, and removes neither",
    async (name) => {
      const [kept, linked] = [made(`kept-${name}`), made(`linked-${name}`)];
      writeFileSync(join(kept, name), "my notes\n");
      symlinkSync(join(folder.path, "nowhere"), join(linked, name));
      for (const out of [kept, linked]) {
        const { status, stdout, stderr } = await load("http://127.0.0.1:9/", "--out", out);
        expect([status, stdout]).toEqual([64, ""]);
        expect(stderr).toContain(`already contains a ${name}: choose another folder.`);
        expect(readdirSync(out)).toEqual([name]);
      }
      expect(readFileSync(join(kept, name), "utf8")).toBe("my notes\n");
    },
  );

  test.each(["/proc/x", "/proc/x/y", "/dev/null/x"])(
    "%s cannot be made: nothing is sent, and the command ends",
    async (out) => {
      const ran = await load("http://127.0.0.1:9/", "--out", out);
      expect([ran.status, ran.stdout]).toEqual([69, ""]);
      expect(ran.stderr).toMatch(/^lastack: cannot make the folder \/.*\. Nothing was sent\.$/m);
    },
  );
});
