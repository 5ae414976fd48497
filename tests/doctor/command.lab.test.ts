import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../harness/lab/paths.ts";
import { asUser, WHO } from "../lab/user.ts";
import { until } from "../lab/wait.ts";
import { needs } from "../programs/needs.ts";
import { type DoctorDocument, looksOf } from "./place.ts";

const main = compiled("harness/cli/main.js");
/** Never in use here: ports below 1024 that no protocol of a test machine has. */
const NOBODYS = "3";

let server: Server;
let client: Socket;
let port: string;
beforeAll(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? String(address.port) : "";
  client = connect(Number(port), "127.0.0.1");
  await once(client, "connect");
});
afterAll(() => {
  client.destroy();
  server.close();
});

/** The port of a server that has closed a connection first, so that TIME-WAIT is at its end, and has stopped. */
async function endedServer(): Promise<number> {
  const ended = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(ended, "listening");
  const address = ended.address();
  const at = typeof address === "object" && address !== null ? address.port : 0;
  const visitor = connect(at, "127.0.0.1").resume();
  await once(visitor, "close");
  ended.close();
  await once(ended, "close");
  return at;
}

function doctor(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const words = [main, "doctor", "--seconds", "1", ...args];
  return spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

test("a port is the program that listens on it; with nothing wrong the text says what was ruled out", () => {
  const { stdout, stderr, status } = doctor("--port", port);
  expect(stderr).toBe("");
  expect(stdout.split("\n")[0]).toMatch(/^Looked \d+ times in [\d.]+ s at /);
  expect(stdout).toContain(`(pid ${process.pid})`);
  expect(stdout).toMatch(/^Ruled out: .*accept-queue-overflow/m);
  // In a second, not every symptom can be judged.
  expect([0, 2]).toContain(status);
});

test("--json is one document, with the subject and its pids", () => {
  const { stdout } = doctor("--pid", String(process.pid), "--json");
  const document = JSON.parse(stdout) as DoctorDocument;
  expect(document.examined[0]).toMatchObject({
    isOtherEnd: false,
    subject: { kind: "family", pids: expect.arrayContaining([process.pid]) as number[] },
  });
  expect(document.looks).toBeGreaterThanOrEqual(2);
  expect(document.findings).toEqual([]);
});

test("without --port and --pid it is every program", () => {
  const document = JSON.parse(doctor("--json").stdout) as DoctorDocument;
  const pids = document.examined.flatMap(({ subject }) => (subject as { pids?: number[] }).pids ?? []);
  expect(pids).toContain(process.pid);
});

describe("what cannot be asked", () => {
  test.each([
    [["--pid", "4194304"], 2, "There is no process 4194304."],
    [["--port", NOBODYS], 2, `No socket of this network namespace has the port ${NOBODYS}.`],
    [["--port", "0"], 64, "--port"],
    [["--port", "http"], 64, "--port"],
    [["--seconds", "0"], 64, "--seconds"],
    [["--port", "80", "--pid", "1"], 64, "cannot be combined"],
    [["--prot", "80"], 64, "--prot"],
  ])("%j exits %i", (args, status, words) => {
    const result = spawnSync(process.execPath, [main, "doctor", ...args], { encoding: "utf8" });
    expect(result.status, result.stderr).toBe(status);
    expect(result.stderr).toContain(words);
    expect(result.stdout).toBe("");
  });

  test("a client's port is not a service: it says whose it is", () => {
    const { stderr, status } = doctor("--port", String(client.localPort));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `Nobody listens on port ${client.localPort}\\. .*\\(pid ${process.pid}\\) to 127\\.0\\.0\\.1 port ${port}`,
      ),
    );
  });

  test("a port whose server has ended is not healthy: it says what is left of its connections", async () => {
    const ended = await endedServer();
    const { stdout, stderr, status } = doctor("--port", String(ended));
    expect(stderr).toMatch(
      new RegExp(`^.*Nobody listens on port ${ended}\\. What is left .*: \\d+ TIME-WAIT`),
    );
    expect([stdout, status]).toEqual(["", 2]);
  });

  test("a process without a TCP socket", async () => {
    const child = spawn("sleep", ["60"], { detached: true });
    const { stderr, status } = doctor("--pid", String(child.pid));
    child.kill();
    await once(child, "exit");
    expect(stderr).toContain(`Process ${child.pid} has no TCP socket in its network namespace.`);
    expect(status).toBe(2);
  });
});

test("Ctrl+C ends the looking, prints what was seen until then, and exits 130", async () => {
  const child = spawn(process.execPath, [main, "doctor", "--port", port, "--seconds", "600"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  // It does not print before the end. Until the handler is there the signal ends it at once, so it is sent when it looks.
  await looksOf(child);
  child.kill("SIGINT");
  const [status] = (await once(child, "close")) as [number];
  expect(said).toMatch(/^Looked \d+ times in [\d.]+ s at /);
  expect(status).toBe(130);
});

test("a process that ends while it is examined is no healthy one", async () => {
  const program =
    "require('net').createServer().listen(0,'127.0.0.1');setTimeout(()=>process.exit(),+process.argv[1])";
  const victim = spawn(process.execPath, ["-e", program, "60000"], { stdio: "ignore" });
  const child = spawn(process.execPath, [main, "doctor", "--pid", String(victim.pid)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await looksOf(child);
  victim.kill("SIGKILL");
  const [status] = (await once(child, "close")) as [number];
  expect(stderr).toContain(`Process ${victim.pid} ended while it was examined`);
  expect([status, stdout]).toEqual([2, ""]);
});

describe("what a kernel or a permission refuses is a sentence, never a stack trace", () => {
  test("a kernel without sock_diag", needs("strace"), () => {
    // strace(1) lets every socket() fail, as a kernel without CONFIG_INET_DIAG does for this protocol.
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
    const { status, stderr, stdout } = spawnSync(
      "strace",
      [...inject, process.execPath, main, "doctor", "--seconds", "1"],
      { encoding: "utf8" },
    );
    expect(stderr).toContain("This kernel does not show its sockets");
    expect(stderr).not.toContain("    at ");
    expect([status, stdout]).toEqual([69, ""]);
  });

  test.runIf(WHO.includes("ordinary"))("another user's namespace", () => {
    const [executable, ...args] = asUser("ordinary", [process.execPath, main, "doctor", "--pid", "1"]);
    const { status, stderr } = spawnSync(executable, args, { encoding: "utf8" });
    expect(stderr).toMatch(/this user may not open its network namespace, \/proc\/1\/ns\/net \(EACCES\)/);
    expect(status).toBe(2);
  });

  test.runIf(WHO.includes("ordinary"))(
    "another user's server is not taken for healthy where its holders matter, and is named as not visible",
    () => {
      const [executable, ...args] = asUser("ordinary", [
        process.execPath,
        main,
        "doctor",
        "--seconds",
        "1",
        "--port",
        port,
      ]);
      const { stdout, stderr } = spawnSync(executable, args, { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(stdout).toContain(`port ${port}, whose process is not visible`);
      expect(stdout).toContain("Not visible: the descriptors of");
    },
  );

  test.runIf(WHO.includes("ordinary"))("a namespace that may not be entered", async () => {
    const [executable, ...args] = asUser("ordinary", [
      "unshare",
      "--user",
      "--map-root-user",
      "--net",
      "sleep",
      "600",
    ]);
    const other = spawn(executable, args, { stdio: "ignore", detached: true });
    const itsOwn = (): string => readlinkSync(`/proc/${other.pid}/ns/net`);
    await until(itsOwn, (link) => link !== readlinkSync("/proc/self/ns/net"), 20_000);
    const [node, ...words] = asUser("ordinary", [
      process.execPath,
      main,
      "doctor",
      "--pid",
      String(other.pid),
    ]);
    const { status, stderr, stdout } = spawnSync(node, words, { encoding: "utf8" });
    other.kill("SIGKILL");
    expect(stderr).toMatch(
      /^lastack: The sockets of process \d+ cannot be read: this user may not (open|enter) its network namespace/,
    );
    expect([status, stdout]).toEqual([2, ""]);
  });

  test.runIf(WHO.includes("ordinary"))("/proc with hidepid", () => {
    const [executable, ...args] = asUser("ordinary", [process.execPath, main, "doctor", "--pid", "1"]);
    // sh is pid 1 and root's: the command runs in a child of it.
    const script = `mount -o remount,hidepid=2 /proc && "$@"; exit $?`;
    const alone = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
    const command = [...alone, "sh", "-c", script, "sh", executable, ...args];
    const { status, stderr, stdout } = spawnSync("unshare", command, { encoding: "utf8" });
    expect(stderr).toBe(
      "lastack: There is no process 1 that this user can see: /proc is mounted with hidepid. Run this as root.\n",
    );
    expect([status, stdout]).toEqual([2, ""]);
  });
});

test("a namespace without a TCP socket is not called healthy", () => {
  const alone = process.getuid?.() === 0 ? ["--net"] : ["--user", "--map-root-user", "--net"];
  const command = [...alone, process.execPath, main, "doctor", "--seconds", "1"];
  const { status, stdout } = spawnSync("unshare", command, { encoding: "utf8" });
  expect(stdout).toContain("Nothing was examined: no TCP socket is here.");
  expect(status).toBe(2);
});
