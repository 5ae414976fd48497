import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compiled } from "../harness/lab/paths.ts";
import type { ComparisonJson } from "../harness/report/comparison-json.ts";
import { lastack, talk } from "./lab/command.ts";
import { folderFor, WHO } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

const folders = new Map(WHO.map((who) => [who, folderFor(who)]));
afterAll(() => {
  for (const folder of folders.values()) folder.remove();
});

/** Two short repetitions, the fewest from which anything is concluded, are enough to check that all parts work together. */
const ARMS = ["--requests-per-connection", "1,5,unlimited"];
const SHORTLY = ["--repeat", "2", "--duration", "0.5", ...ARMS];

describe.each(WHO)("lastack compare in the lab, as user: %s", (who) => {
  test("measures every arm, and prints sentences", () => {
    const cwd = folders.get(who)!.path;
    const ran = lastack(["compare", "--rtt", "0,12", ...SHORTLY, "--json"], { who, cwd });
    const told = JSON.parse(ran.stdout) as ComparisonJson;
    expect(told.faults).toEqual([]);
    expect(ran.status).toBe(0);
    expect(told.arms.map(({ id, rttMs }) => `${id} ${rttMs}`)).toEqual([
      ...["short 0", "5 0", "keep-alive 0", "short 12", "5 12", "keep-alive 12"],
    ]);
    // The kernel's counts are the same in every run: 10 segments a request with short connections, 2 with keep-alive.
    for (const arm of told.arms) {
      const each = { short: 10, "5": 3.6, "keep-alive": 2 }[arm.id] ?? Number.NaN;
      expect(arm.segments?.median).toBeGreaterThan(each - 0.5);
      expect(arm.segments?.median).toBeLessThan(each + 0.8);
      expect(arm.timeWait.server).toBe(0);
      expect(arm.timeWait.client).toBeGreaterThan(0);
      expect(arm.errors).toEqual({});
      // On a busy machine the samples can come too late. Then the reason is given.
      if (arm.serverCpuUs === null) expect(arm.unseen["serverCpuUs"]).toMatch(/observed less than twice/);
      else expect(arm.serverCpuUs.median).toBeGreaterThan(0);
    }
    const far = told.arms.filter(({ rttMs }) => rttMs === 12);
    expect(far.find(({ id }) => id === "short")?.totalMs?.p50.median).toBeGreaterThan(24);
    expect(far.find(({ id }) => id === "keep-alive")?.totalMs?.p50.median).toBeGreaterThan(12);
    expect(told.held?.connections).toBe(1094);
    // On a busy machine some answers come so late that their segments count for the idle time after them.
    expect(told.held?.segmentsPerSecond?.median).toBeLessThan(0.5);
    expect(told.sentences.join("\n")).toMatch(
      // On a busy machine the reason can be its processor time instead of the round trips.
      /At 12 ms, keep-alive serves [\d.]+ times \([\d.-]+\) as many requests a second/,
    );
  });
});

test("Ctrl+C reports what was measured until then, and exits with 130", async () => {
  const cwd = folders.get("own")!.path;
  const args = ["--rtt", "0", "--requests-per-connection", "1,unlimited", "--duration", "0.2"];
  const { child, out, err, ended } = talk(["compare", ...args], cwd);
  await until(err, (text) => text.includes("[1/8] completed"), 30_000);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(out()).toMatch(/\n0 ms .*\nshort .*\nkeep-alive /);
  // What is missing did not lack time.
  expect(err()).not.toMatch(/lack of time/);
  expect(out()).toMatch(
    /Not valid: At 0 ms, \d of 5 repetitions are missing: the\s+comparison\s+was\s+interrupted[^]*\n- At 0 ms, nothing is concluded, because only one of 5/,
  );
});

/** Starts one of the reference servers on a free port. */
function serving(program: string): Promise<{ port: string; end: () => Promise<void> }> {
  return startedWith([compiled(`servers/short-against-long/${program}.js`), "--port", "0"]);
}

/** Starts a server, as Node.js runs it with these arguments. It prints `ready` and its port. */
async function startedWith(args: string[]): Promise<{ port: string; end: () => Promise<void> }> {
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  server.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ready = await until(
    () => said,
    (text) => text.startsWith("ready "),
    10_000,
  );
  const end = async (): Promise<void> => {
    server.kill("SIGTERM");
    await once(server, "exit");
  };
  return { port: /\d+/.exec(ready)?.[0] ?? "", end };
}

test("--url measures every arm on a running server, and reports a missing server", async () => {
  const { port, end } = await serving("http-server");
  const compare = (...more: string[]) =>
    lastack(["compare", "--url", `http://127.0.0.1:${port}/`, ...more], {});
  const ran = compare(...SHORTLY, "--json");
  await end();
  const told = JSON.parse(ran.stdout) as ComparisonJson;
  // The client is the bottleneck at times, depending on what else the machine does. Then the run is not valid, and says so.
  const bound = told.faults.filter((fault) => fault.includes("the client was the bottleneck"));
  expect(told.faults).toEqual(bound);
  expect(told).toMatchObject({ valid: bound.length === 0, url: `http://127.0.0.1:${port}/`, held: null });
  expect(told.arms.map(({ id, rttMs }) => [id, rttMs])).toEqual([
    ["short", null],
    ["5", null],
    ["keep-alive", null],
  ]);
  for (const { id, perSecond, segments, clientCpuUs } of told.arms) {
    expect([id, perSecond.median > 0, (segments?.median ?? 0) > 1, clientCpuUs.median > 0]).toEqual([
      ...[id, true, true, true],
    ]);
  }
  expect(ran.status).toBe(bound.length === 0 ? 0 : 2);
  // Seven connections are kept, and the ports of earlier arms in TIME-WAIT are not theirs.
  expect(told.arms.find(({ id }) => id === "keep-alive")?.ports.most).toBe(7);
  const gone = compare(...SHORTLY);
  expect(gone.status).toBe(2);
  expect(gone.stdout).toMatch(
    /Nothing was measured\.\s+Not valid: 2 of 2 repetitions are missing: no request succeeded:\s+connect\s+ECONNREFUSED/,
  );
});

/** A server that closes each connection, and answers from a thread that then ends. */
const CLOSING = `
  const { createServer } = require("node:http");
  const { Worker } = require("node:worker_threads");
  const work = "const until = performance.now() + 2; while (performance.now() < until);";
  const server = createServer((_, response) => {
    response.setHeader("Connection", "close");
    new Worker(work, { eval: true }).on("exit", () => response.end("closed"));
  });
  server.listen(0, "127.0.0.1", () => console.log("ready", server.address().port));
`;

test("--url says that a server keeps no connection, and reads the time of its threads that have ended", async () => {
  const { port, end } = await startedWith(["-e", CLOSING]);
  // Few connections: each is used more than once also on a busy machine.
  const args = [
    "--url",
    `http://127.0.0.1:${port}/`,
    "--connections",
    "2",
    "--repeat",
    "2",
    "--duration",
    "1",
  ];
  const ran = lastack(["compare", ...args, ...ARMS, "--json"], {});
  await end();
  const told = JSON.parse(ran.stdout) as ComparisonJson;
  expect(told.faults[0]).toMatch(
    /^The server closed each connection after one answer, also those of 5 and keep-alive: these arms are the same as short/,
  );
  expect(told.contrasts).toEqual([]);
  expect(told.sentences.join("\n")).not.toMatch(/keep-alive serves/);
  expect(ran.status).toBe(2);
  // Each request takes 2 ms of a thread that ends. On a busy machine the samples can come too late. Then the reason is given.
  for (const { serverCpuUs, unseen } of told.arms) {
    if (serverCpuUs === null) expect(unseen["serverCpuUs"]).toMatch(/./);
    else expect(serverCpuUs.median).toBeGreaterThan(2000);
  }
});

test("--url refuses a certificate that does not verify, unless --insecure accepts it", async () => {
  const { port, end } = await serving("https-server");
  const arms = ["--repeat", "2", "--requests-per-connection", "1,unlimited"];
  const compare = (...more: string[]) =>
    lastack(["compare", "--url", `https://127.0.0.1:${port}/`, ...arms, ...more], {});
  const refused = compare("--json");
  const accepted = compare("--json", "--insecure");
  await end();
  expect(refused.status).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    arms: [],
    faults: [
      "2 of 2 repetitions are missing: no request succeeded: tls DEPTH_ZERO_SELF_SIGNED_CERT, so the server's " +
        "certificate does not verify (--insecure accepts it).",
    ],
  });
  const told = JSON.parse(accepted.stdout) as ComparisonJson;
  expect(told.arms).toHaveLength(2);
  expect(told.sentences).toContain("The server's certificate was not checked (--insecure).");
});

test("a machine that cannot build the lab is reported before anything is written", () => {
  const cwd = folders.get("own")!.path;
  const bin = join(cwd, "bin");
  mkdirSync(bin);
  const ran = lastack(["compare", "--out", "never"], { cwd, env: { PATH: bin } });
  expect(ran.status).toBe(69);
  expect(ran.stderr).toMatch(/^lastack cannot build its lab here/);
});
