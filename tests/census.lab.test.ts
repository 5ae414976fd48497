import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../harness/lab/paths.ts";
import { readExposition } from "../harness/report/prometheus/reader.fixture.ts";
import { asUser, WHO } from "./lab/user.ts";
import { until } from "./lab/wait.ts";
import { needs } from "./programs/needs.ts";

const main = compiled("harness/cli/main.js");
const ESCAPE = "\u001b";
/** What a terminal sends for Ctrl+C. */
const CTRL_C = "\u0003";
/** So many listeners that they would fill a screen of 24 lines together with the rest. */
const MANY = 23;

const servers: Server[] = [];
beforeAll(async () => {
  for (let nth = 0; nth < MANY; nth += 1) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
});
afterAll(() => {
  for (const server of servers) server.close();
});

function portOf(server: Server | undefined): string {
  const address = server?.address();
  return typeof address === "object" && address !== null ? String(address.port) : "";
}

/** The output of a command until it contains `wanted`. Then the command is ended by a signal or by Ctrl+C; with null, it ends by itself. */
async function outputOf(
  child: ChildProcess,
  wanted: string,
  end: NodeJS.Signals | typeof CTRL_C | null,
): Promise<{ said: string; status: number | null }> {
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(child, "close") as Promise<[number | null]>;
  await until(
    () => said,
    (text) => text.includes(wanted),
    20_000,
  );
  if (end === CTRL_C) child.stdin?.write(CTRL_C);
  else if (end !== null) child.kill(end);
  const [status] = await closed;
  return { said, status };
}

/** `census --watch` on a terminal of this size, which script(1) makes. */
function onTerminal(rows: number, columns: number, term: string): ChildProcess {
  const command = `stty rows ${rows} cols ${columns}; exec "${process.execPath}" "${main}" census --watch`;
  return spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, TERM: term },
    stdio: ["pipe", "pipe", "ignore"],
  });
}

/** The first drawing: what stands between two sequences, without sequences. */
function firstDrawn(said: string): string[] {
  // CSI sequences (ECMA-48 section 5.4); a drawing begins and ends with those of a synchronised update.
  const [, drawn = ""] = said.split(`${ESCAPE}[?2026h`);
  const [text = ""] = drawn.split(`${ESCAPE}[?2026l`);
  return text.replaceAll("\r", "").trimEnd().split("\n");
}

describe("census --watch", () => {
  test.each([
    [24, 80],
    [10, 40],
  ])("on a terminal of %d lines and %d columns keeps the states on the screen", async (rows, columns) => {
    const { said } = await outputOf(onTerminal(rows, columns, "xterm"), `${ESCAPE}[?2026l`, "SIGTERM");
    const lines = firstDrawn(said);
    // Large numbers leave no room for them on a narrow terminal.
    expect(lines[0], said).toMatch(
      columns < 80 ? /^state .*all( +\+\/-( +trend)?)?$/ : /^state .*all +\+\/- +trend$/,
    );
    expect(lines.some((line) => line.startsWith("LISTEN "))).toBe(true);
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  test("on a terminal that has no escape codes sends none", async () => {
    const { said } = await outputOf(onTerminal(24, 80, "dumb"), " LISTEN", "SIGTERM");
    expect(said).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \d+ sockets?: \d+ LISTEN/);
    expect(said).not.toContain(ESCAPE);
  });

  test("on a terminal leaves the whole last census after Ctrl+C, also what did not fit", async () => {
    const { said } = await outputOf(onTerminal(10, 80, "xterm"), `${ESCAPE}[?2026l`, CTRL_C);
    const last = said.split(`${ESCAPE}[?25h`).find((text) => text.startsWith("state ")) ?? "";
    const lines = last.replaceAll("\r", "").trimEnd().split("\n");
    const listeners = lines.slice(lines.findIndex((line) => line.startsWith("listener ")) + 1);
    expect(lines.some((line) => line.startsWith("held by "))).toBe(true);
    expect(listeners.length).toBeGreaterThanOrEqual(MANY);
    for (const line of listeners) expect(line).toMatch(/:\d+ +\d+ +\d+$/);
  });

  test("into a pipe is a line for each look that differs and then the table, without escape codes; Ctrl+C ends it with 130", async () => {
    const child = spawn(process.execPath, [main, "census", "--watch"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { said, status } = await outputOf(child, " LISTEN", "SIGINT");
    expect(said).toMatch(/^(\d{4}-\d\d-\d\dT[\d:.]+Z \d+ sockets?.*\n)+\nstate .*\+\/- +trend\n/);
    expect(said).not.toContain(ESCAPE);
    expect(status).toBe(130);
  });
});

test("census says which process holds the sockets", () => {
  const args = [main, "census", "--port", portOf(servers[0])];
  const asText = spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
  expect(asText).toMatch(new RegExp(`^.+ \\(pid ${process.pid}\\) +1 {2}1 LISTEN$`, "m"));
  const { held } = JSON.parse(
    spawnSync(process.execPath, [...args, "--json"], { encoding: "utf8" }).stdout,
  ) as {
    held: unknown;
  };
  expect(held).toMatchObject({
    processes: [{ pid: process.pid, sockets: 1, states: { LISTEN: 1 } }],
    none: {},
    unseen: {},
  });
});

describe.runIf(WHO.includes("ordinary"))("census --pid as an ordinary user", () => {
  const censusOf = (pid: number | undefined) => {
    const [executable, ...args] = asUser("ordinary", [
      process.execPath,
      main,
      "census",
      "--pid",
      String(pid),
    ]);
    return spawnSync(executable, args, { encoding: "utf8" });
  };

  const inTheirOwn = async (): Promise<ChildProcess> => {
    const listens =
      "require('net').createServer().listen({port:8080,host:'127.0.0.1',backlog:7},()=>console.log('in'))";
    const [executable, ...args] = asUser("ordinary", [
      ...["unshare", "--user", "--net", process.execPath, "-e"],
      listens,
    ]);
    const child = spawn(executable, args, { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    return child;
  };
  const MISSING = "Not shown there: the backlog of listeners; the times and byte counts of tcp_info";

  test("of root's process reads its /proc/PID/net, and says why and what is missing", () => {
    const { status, stdout, stderr } = censusOf(process.pid);
    const [why, missing] = stdout.trimEnd().split("\n").slice(-2);
    expect(why).toBe(
      `Read from /proc/${process.pid}/net/tcp and tcp6, because this user may not open its network namespace, ` +
        `/proc/${process.pid}/ns/net (EACCES).`,
    );
    expect(missing).toContain(MISSING);
    expect(stdout).toMatch(new RegExp(`^127\\.0\\.0\\.1:${portOf(servers[0])} +0 +\\?$`, "m"));
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("of its own process in a namespace that it may not enter reads /proc/PID/net; who may enter it sees more", async () => {
    const child = await inTheirOwn();
    const poor = censusOf(child.pid);
    const rich = spawnSync(process.execPath, [main, "census", "--pid", String(child.pid)], {
      encoding: "utf8",
    });
    child.kill();
    expect(poor.stderr).toBe("");
    expect(poor.stdout).toContain("because this user may not enter its network namespace (setns: EPERM).");
    expect(poor.stdout).toContain(MISSING);
    expect(poor.stdout).toMatch(/^127\.0\.0\.1:8080 +0 +\?$/m);
    expect(poor.stdout).toMatch(new RegExp(`^.+ \\(pid ${child.pid}\\) +1 +1 LISTEN$`, "m"));
    expect(rich.stdout).toMatch(/^127\.0\.0\.1:8080 +0 +7$/m);
    expect(rich.stdout).toContain(`Read by sock_diag in the network namespace of process ${child.pid}.`);
    expect([poor.status, rich.status]).toEqual([0, 0]);
  });

  test("of a process that ends while it is watched prints the last table, and says so", async () => {
    const child = await inTheirOwn();
    const words = [process.execPath, main, "census", "--watch", "--pid", String(child.pid)];
    const [executable, ...args] = asUser("ordinary", words);
    const watch = spawn(executable, args, { stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    watch.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    watch.stdout.once("data", () => child.kill("SIGKILL"));
    const { said, status } = await outputOf(watch, "Not shown there", null);
    expect(said).toMatch(/ 1 socket: 1 LISTEN\n\nstate [^]*\nRead from /);
    expect(complaint).toBe(`lastack: Process ${child.pid} has ended, and /proc/${child.pid}/net with it.\n`);
    expect(status).toBe(2);
  });

  test("both ways find the same sockets, in the same states", async () => {
    const child = await inTheirOwn();
    const args = ["--pid", String(child.pid), "--json"];
    const [executable, ...words] = asUser("ordinary", [process.execPath, main, "census", ...args]);
    const poor = spawnSync(executable, words, { encoding: "utf8" }).stdout;
    const rich = spawnSync(process.execPath, [main, "census", ...args], { encoding: "utf8" }).stdout;
    child.kill();
    const seen = (text: string): unknown => {
      const { total, states, sides, read } = JSON.parse(text) as Record<string, unknown> & {
        read: { by: string };
      };
      return { total, states, sides, by: read.by };
    };
    const sockets = { total: 1, states: { LISTEN: 1 }, sides: { listener: { LISTEN: 1 }, connector: {} } };
    expect([seen(poor), seen(rich)]).toEqual([
      { ...sockets, by: "proc" },
      { ...sockets, by: "sock_diag" },
    ]);
  });
});

test("a kernel without sock_diag, or a sandbox that refuses it, leaves /proc/net", needs("strace"), () => {
  const inject = [
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "trace=socket",
    "-e",
    "inject=socket:error=EPROTONOSUPPORT",
  ];
  const { stdout, stderr, status } = spawnSync("strace", [...inject, process.execPath, main, "census"], {
    encoding: "utf8",
  });
  expect(stdout).toContain(
    "Read from /proc/self/net/tcp and tcp6, because this kernel, or a sandbox, has no sock_diag.",
  );
  expect(stdout).toMatch(new RegExp(`^127\\.0\\.0\\.1:${portOf(servers[0])} +0 +\\?$`, "m"));
  expect([status, stderr]).toEqual([0, ""]);
});

test("by owner, peer and age", () => {
  const port = portOf(servers[0]);
  const censusBy = (by: string): string =>
    spawnSync(process.execPath, [main, "census", "--port", port, "--by", by], { encoding: "utf8" }).stdout;
  expect(censusBy("owner")).toMatch(
    new RegExp(`^.+ \\(pid ${process.pid}\\) +1 +1 +0 +0 +0 +1 LISTEN$`, "m"),
  );
  expect(censusBy("peer")).toBe("no socket has a peer\n");
  expect(censusBy("age")).toMatch(/^LISTEN +the kernel shows no time +1$/m);
});

describe("census --prometheus", () => {
  const metrics = (...args: string[]) =>
    spawnSync(process.execPath, [main, "census", "--prometheus", ...args], { encoding: "utf8" });

  test("prints metrics that a strict reader reads, and has the listeners and counters of this namespace", () => {
    const { stdout, stderr, status } = metrics();
    const families = new Map(readExposition(stdout).map(({ name, series }) => [name, series]));
    const port = portOf(servers[0]);
    expect(families.get("lastack_listener_backlog_connections")).toContainEqual({
      labels: { address: "127.0.0.1", port },
      value: 511,
    });
    expect(families.get("lastack_sockets")).toContainEqual({
      labels: expect.objectContaining({
        state: "LISTEN",
        end: "listening",
        port,
        owner: "listener",
      }) as object,
      value: 1,
    });
    expect(families.get("lastack_tcp_ext_listen_overflows_total")?.[0]?.value).toBeGreaterThanOrEqual(0);
    expect(families.get("lastack_local_ports")?.[0]?.value).toBeGreaterThan(0);
    expect([status, stderr]).toEqual([0, ""]);
  });

  test.each(["--json", "--watch", "--port=80", "--by=peer"])("cannot be combined with %s", (option) => {
    const { status, stderr } = metrics(option);
    expect(stderr).toContain("cannot be combined");
    expect(status).toBe(64);
  });
});
