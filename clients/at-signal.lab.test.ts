import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { clientCommand } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const load = (to: string, threads: string): string[] => [
  ...["--to", to, "--attempts", "23", "--concurrency", "2", "--threads", threads],
  ...["--at-signal", "--timeout-ms", "120000", "--within-ms", "600000"],
];

/** Starts a client, and resolves with its lines when it has printed the first one. */
async function started(client: string, args: string[]): Promise<{ child: ChildProcess; lines: string[] }> {
  const [executable = "", ...rest] = clientCommand(client, args);
  const child = spawn(executable, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  return { child, lines };
}

test.each([
  ["short-http", "1"],
  ["long-http", "2"],
  ["undici", "1"],
])(
  "with --at-signal, %s prints that it is ready, and begins at SIGCONT, with %s threads",
  async (client, threads) => {
    const { to, seen } = await correctServer("long-http", "127.0.0.1", false);
    const { child, lines } = await started(client, load(to, threads));
    expect(lines).toEqual([`ready ${to.split(":").at(-1)}`]);
    expect(seen.requests).toBe(0);
    child.kill("SIGCONT");
    expect(await once(child, "close")).toEqual([0, null]);
    expect(seen.requests).toBe(23);
    expect(lines.filter((line) => line.includes(`"outcome":"ok"`)).length).toBeGreaterThanOrEqual(23);
  },
);

test("a client that waits for the signal can be ended", async () => {
  const { to, seen } = await correctServer("long-http", "127.0.0.1", false);
  const { child } = await started("long-http", load(to, "1"));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(seen.requests).toBe(0);
});
