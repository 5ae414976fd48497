import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../harness/lab/paths.ts";
import { asUser, WHO } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

const main = compiled("harness/cli/main.js");
const ESCAPE = "\u001b";
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

/** The output of a command that does not end by itself, until it contains `wanted`; then the command is ended by `signal`. */
async function outputOf(
  child: ChildProcess,
  wanted: string,
  signal: NodeJS.Signals,
): Promise<{ said: string; status: number | null }> {
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(child, "close") as Promise<[number | null]>;
  await until(
    () => said,
    (text) => text.includes(wanted),
    20_000,
  );
  child.kill(signal);
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
    expect(lines[0], said).toMatch(/^state .*all$/);
    expect(lines.some((line) => line.startsWith("LISTEN "))).toBe(true);
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  test("on a terminal that has no escape codes sends none", async () => {
    const { said } = await outputOf(onTerminal(24, 80, "dumb"), "held by", "SIGTERM");
    expect(said).toContain("held by");
    expect(said).not.toContain(ESCAPE);
  });

  test("into a pipe sends no escape codes, and ends at Ctrl+C with 130", async () => {
    const child = spawn(process.execPath, [main, "census", "--watch"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { said, status } = await outputOf(child, "held by", "SIGINT");
    expect(said).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\nstate /);
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

  test("of root's process says what may not be opened, and what to do", () => {
    const { status, stdout, stderr } = censusOf(process.pid);
    expect(stderr).toContain(`The sockets of process ${process.pid} cannot be read: this user may not open`);
    expect(stderr).toContain(`/proc/${process.pid}/ns/net (EACCES).\nRoot may: sudo lastack census`);
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("of a process in a namespace that may not be entered says so", async () => {
    const [executable, ...args] = asUser("ordinary", [
      "unshare",
      "--user",
      "--net",
      "sh",
      "-c",
      "echo in; exec cat",
    ]);
    const child = spawn(executable, args, { stdio: ["pipe", "pipe", "ignore"] });
    await once(child.stdout, "data");
    const { status, stderr } = censusOf(child.pid);
    child.stdin?.end();
    expect(stderr).toContain("cannot be read: this user may not enter its network namespace (setns: EPERM)");
    expect(stderr).toContain(
      `nsenter --target ${child.pid} --user --net --preserve-credentials lastack census`,
    );
    expect(status).toBe(2);
  });
});
