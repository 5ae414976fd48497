import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { entryCommand } from "../harness/lab/entry.ts";
import { needs } from "./programs/needs.ts";

// A client counts as nginx logs and as the kernel counts, exactly, warm-up included, whoever closes and however often.

interface Counted {
  name: string;
  told: { outcomes: Record<string, number>; connections: number };
  logged: { answered: number; refused: number };
  opened: number;
}

const program = fileURLToPath(new URL("fixtures/counted-by-nginx.ts", import.meta.url));
let all: Counted[];

beforeAll(() => {
  const { executable, args } = entryCommand([process.execPath, "--import", "tsx", program]);
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: "utf8", timeout: 1_000_000 });
  if (status !== 0) throw new Error(`nothing was counted: ${stderr}`);
  all = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Counted);
});

describe("in every mode", needs("nginx"), () => {
  test("each of which was measured, and had enough to count", () => {
    expect(all.map(({ name }) => name)).toEqual([
      "short, the client closes",
      "short, the server closes",
      "short, the client resets",
      "short, at a rate",
      "keep-alive",
      "keep-alive, two threads",
      "7 requests a connection",
      "97 requests a connection, the server closes",
    ]);
    for (const { logged } of all) expect(logged.answered).toBeGreaterThan(97);
  });

  test("as many requests are told as stand in nginx's access log", () => {
    const told = all.map(({ name, told: { outcomes } }) => [name, outcomes]);
    expect(told).toEqual(all.map(({ name, logged }) => [name, { ok: logged.answered }]));
    expect(all.map(({ logged }) => logged.refused)).toEqual(all.map(() => 0));
  });

  test("as many connections are told as the kernel opened towards nginx", () => {
    const told = all.map(({ name, told: { connections } }) => [name, connections]);
    expect(told).toEqual(all.map(({ name, opened }) => [name, opened]));
  });

  test("there are as many connections as the mode asks for", () => {
    for (const { name, told, logged, opened } of all) {
      const each = /^(\d+) requests/.exec(name)?.[1];
      if (name.startsWith("short")) expect([name, opened]).toEqual([name, logged.answered]);
      else if (each === undefined) expect([name, told.connections]).toEqual([name, 50]);
      // The last of each of the 50 brought fewer, or none at all.
      else {
        expect(opened).toBeGreaterThanOrEqual(Math.ceil(logged.answered / Number(each)));
        expect(opened).toBeLessThanOrEqual(Math.ceil(logged.answered / Number(each)) + 50);
      }
    }
  });
});
