import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { entryCommand } from "../harness/lab/entry.ts";
import { needs } from "./programs/needs.ts";

// The counts of a client are exactly those of nginx's log and of the kernel, warm-up included, whichever end closes and however often.

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
  test("there are enough requests to count", () => {
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

  test("the client counts as many requests as nginx's access log has", () => {
    const told = all.map(({ name, told: { outcomes } }) => [name, outcomes]);
    expect(told).toEqual(all.map(({ name, logged }) => [name, { ok: logged.answered }]));
    expect(all.map(({ logged }) => logged.refused)).toEqual(all.map(() => 0));
  });

  test("the client counts as many connections as the kernel opened to nginx", () => {
    const told = all.map(({ name, told: { connections } }) => [name, connections]);
    expect(told).toEqual(all.map(({ name, opened }) => [name, opened]));
  });

  test("there are as many connections as the mode requires", () => {
    for (const { name, told, logged, opened } of all) {
      const each = /^(\d+) requests/.exec(name)?.[1];
      if (name.startsWith("short")) expect([name, opened]).toEqual([name, logged.answered]);
      else if (each === undefined) expect([name, told.connections]).toEqual([name, 50]);
      // The last connection of each of the 50 carried fewer requests, or none.
      else {
        expect(opened).toBeGreaterThanOrEqual(Math.ceil(logged.answered / Number(each)));
        expect(opened).toBeLessThanOrEqual(Math.ceil(logged.answered / Number(each)) + 50);
      }
    }
  });
});
