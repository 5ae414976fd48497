import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import {
  CLIENTS,
  clientCommand,
  numbers,
  readRows,
  runClient,
  runLoad,
} from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

test("attempts begin when they are due, and not before", async () => {
  const { to } = await correctServer("short-tcp", "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "293", "--rate", "97", "--concurrency", "293"];
  const spawnedUs = Number(process.hrtime.bigint() / 1000n);
  const { attempts, outcomes } = await runClient("short-tcp", args);
  expect(outcomes).toEqual({ ok: 293 });
  const beganUs = attempts.map((row) => row.monotonicUs);
  const after = (zeroUs: number): number[] =>
    beganUs.map((us, index) => (us - zeroUs) / 1000 - (index * 1000) / 97);
  // The zero here is the start of the process, because nothing is due before it. The run takes three seconds, so the time to start
  // the process hides little of a pace that is too fast.
  expect(Math.min(...after(spawnedUs))).toBeGreaterThan(0);
  // On a busy machine some attempts begin late, several together. At a pace that is too slow, none of the later ones begins in time.
  expect(Math.min(...after(beganUs[0] ?? 0).slice(147))).toBeLessThan(50);
});

test("no more connections than the plan allows are open at once, and each stays open for its hold", async () => {
  const { to } = await correctServer("short-tcp", "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "23", "--concurrency", "7", "--hold-ms", "500"];
  const { attempts, outcomes } = await runClient("short-tcp", args);
  expect(outcomes).toEqual({ ok: 23 });
  // An attempt gets the place of an earlier one, whose connection was held for 500 ms after its response.
  const endsUs = attempts.map((row) => row.monotonicUs + (row.totalMs ?? 0) * 1000 + 500_000);
  for (const [index, row] of attempts.entries()) {
    const open = endsUs.slice(0, index).filter((endUs) => endUs > row.monotonicUs);
    expect(open.length).toBeLessThan(7);
  }
  // totalMs ends with the response and does not include the hold, which is the same for all attempts.
  expect(Math.min(...attempts.map((row) => row.totalMs ?? Infinity))).toBeLessThan(500);
});

test.each(CLIENTS)(
  "%s ends within its time limit, and reports the attempts that did not finish or never began",
  async (client) => {
    const { to } = await rawServer(() => {});
    const args = ["--to", to, "--attempts", "23", "--concurrency", "5", "--within-ms", "2000"];
    const { code, outcomes, attempts } = await runClient(client, args);
    expect(code).toBe(0);
    // If --timeout-ms, which is longer, had ended the attempts, all 23 would have begun.
    expect(outcomes).toEqual({ "response timeout": 5, "never begun": 18 });
    expect(attempts.map((row) => row.attempt)).toEqual(numbers(23));
    expect(attempts.at(-1)).toMatchObject({ outcome: "never begun", localPort: null });
  },
);

test("--within-ms cuts a hold short without a failure; a server that has not closed by then is a failure", async () => {
  const { to } = await correctServer("short-tcp", "127.0.0.1", false);
  const args = [
    "--to",
    to,
    "--attempts",
    "5",
    "--concurrency",
    "5",
    "--hold-ms",
    "60000",
    "--within-ms",
    "2000",
  ];
  expect((await runClient("short-tcp", args)).outcomes).toEqual({ ok: 5 });
  expect((await runClient("short-tcp", [...args, "--close", "server"])).outcomes).toEqual({
    "close timeout": 5,
  });
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("%s ends it at once, and the results so far are printed", async (signal, exitCode) => {
  let requests = 0;
  const { to } = await rawServer((peer, data) => {
    requests += 1;
    if (requests <= 11) peer.write(data);
  });
  let signalled = Infinity;
  const interrupt = async (child: ChildProcess): Promise<void> => {
    await expect.poll(() => requests).toBe(16);
    signalled = performance.now();
    child.kill(signal);
  };
  const args = ["--to", to, "--attempts", "97", "--concurrency", "5"];
  const { code, outcomes } = await runClient("long-tcp", args, { meanwhile: interrupt });
  // No time limit has ended it: the first one is two minutes away.
  expect(performance.now() - signalled).toBeLessThan(60_000);
  expect({ code, outcomes }).toEqual({ code: exitCode, outcomes: { ok: 11, "response ECANCELED": 5 } });
});

test("a client that only holds its connections uses next to no processor time", async () => {
  const { to, seen } = await correctServer("long-tcp", "127.0.0.1", false);
  let cpuMs = Infinity;
  const watch = async (child: ChildProcess): Promise<void> => {
    await expect.poll(() => seen.requests).toBe(5);
    const beforeMs = cpuMsOf(child.pid);
    const began = performance.now();
    await expect
      .poll(() => performance.now() - began, { timeout: 5000, interval: 100 })
      .toBeGreaterThan(1500);
    cpuMs = cpuMsOf(child.pid) - beforeMs;
    child.kill("SIGTERM");
  };
  const args = ["--to", to, "--attempts", "5", "--concurrency", "5", "--hold-ms", "600000"];
  await runClient("long-tcp", args, { meanwhile: watch });
  expect(cpuMs).toBeLessThanOrEqual(60);
});

test("10,000 connections are held at once in less than 200 MB", async () => {
  const { to, seen } = await correctServer("long-http", "127.0.0.1", false);
  let peakBytes = Infinity;
  const watch = async (child: ChildProcess): Promise<void> => {
    await expect.poll(() => seen.requests).toBe(10_000);
    // VmHWM is the peak memory, in kB of 1024 bytes (proc(5)).
    const status = readFileSync(`/proc/${child.pid}/status`, "latin1");
    peakBytes = 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]);
    child.kill("SIGTERM");
  };
  // An RST leaves no port in TIME-WAIT.
  const args = ["--to", to, "--attempts", "10000", "--concurrency", "10000", "--rate", "1000"];
  const { end } = await runLoad("long-http", [...args, "--hold-ms", "600000", "--close", "reset"], watch);
  expect(end).toMatchObject({ connections: 10_000, outcomes: { ok: 10_000 }, endedBy: { reset: 10_000 } });
  expect(seen.clientFins).toBe(0);
  expect(peakBytes).toBeLessThan(200e6);
});

/** utime and stime, fields 14 and 15 of /proc/pid/stat (proc(5)), in hundredths of a second. */
function cpuMsOf(pid: number | undefined): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ");
  return 10 * (Number(afterName?.[11]) + Number(afterName?.[12]));
}

test("no output is lost when nobody reads it for a while", async () => {
  const { to } = await correctServer("long-tcp", "127.0.0.1", false);
  // 5003 attempts are more than half a megabyte; a pipe holds 64 KiB.
  const client = clientCommand("long-tcp", ["--to", to, "--attempts", "5003", "--concurrency", "7"]);
  const words = client.map((word) => `'${word}'`).join(" ");
  const child = spawn("sh", ["-c", `${words} | { sleep 1; cat; }`], { stdio: ["ignore", "pipe", "inherit"] });
  const { attempts, connections } = readRows(await text(child.stdout));
  expect(attempts.map((row) => row.attempt)).toEqual(numbers(5003));
  expect(connections).toHaveLength(7);
});

test("it ends with an error sentence and exit code 70 when its reader is gone", async () => {
  const { to } = await correctServer("long-tcp", "127.0.0.1", false);
  const leave = (child: ChildProcess): void => void child.stdout?.destroy();
  const args = ["--to", to, "--attempts", "97", "--rate", "97"];
  const [executable = "", ...rest] = clientCommand("long-tcp", args);
  const child = spawn(executable, rest, { stdio: ["ignore", "pipe", "pipe"] });
  leave(child);
  expect(await text(child.stderr)).toMatch(/^long-tcp: standard output could not be written to its end.*\n$/);
  await expect.poll(() => child.exitCode).toBe(70);
});

test("wrong usage gives one sentence and exit code 64, and --help gives exit code 0", async () => {
  const [executable = "", ...rest] = clientCommand("short-http", ["--to", "localhost:80", "--attempts", "3"]);
  const wrong = spawn(executable, rest);
  expect(await text(wrong.stderr)).toBe(
    "short-http: localhost is not an IPv4 or IPv6 address (host names are not resolved); see --help\n",
  );
  await expect.poll(() => wrong.exitCode).toBe(64);
  const [, program = ""] = clientCommand("short-http", []);
  const help = spawn(executable, [program, "--help"]);
  expect(await text(help.stdout)).toMatch(/^short-http: /);
  await expect.poll(() => help.exitCode).toBe(0);
});
