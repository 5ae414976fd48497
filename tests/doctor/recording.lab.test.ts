import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { until } from "../lab/wait.ts";
import { type DoctorDocument, looksOf } from "./place.ts";

const main = compiled("harness/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "lastack-doctor-"));
/** At most 15 bytes, as the kernel keeps them, and nowhere else. */
const NAME = "zqforgetfulqz";
const COUNT = 23;
const WITHIN_MS = 60_000;

let server: ChildProcess;
let port: string;
let clients: Socket[] = [];

/** The server forgets connections from now on. */
async function leave(): Promise<void> {
  clients = Array.from({ length: COUNT }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  await Promise.all(
    clients.map(async (client) => {
      await once(client, "connect");
      // Its FIN is sent when it has finished. While another program runs, nothing is sent.
      await once(client.resume().end("x"), "finish");
    }),
  );
}

beforeAll(async () => {
  server = spawn(process.execPath, [join(packageRoot, "tests/fixtures/doctor/forgetful.mjs"), NAME], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout as NonNullable<typeof server.stdout> });
  [port] = (await once(lines, "line")) as [string];
});
afterAll(() => {
  for (const client of clients) client.destroy();
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function lastack(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
}

describe("a recording of the doctor", () => {
  const file = join(folder, "seen.ndjson");
  let live: ReturnType<typeof lastack>;
  beforeAll(async () => {
    await leave();
    live = lastack("doctor", "--port", port, "--out", file, "--json");
  });

  test("is written beside the diagnosis", () => {
    expect(live.stderr).toMatch(/^Written: .*seen\.ndjson\n$/);
    const { findings } = JSON.parse(live.stdout) as DoctorDocument;
    expect(findings[0]).toMatchObject({ mode: "close-wait-leak" });
    expect(live.status).toBe(1);
  });

  test.each(["doctor --from", "judge", "report"])("lastack %s gives the same diagnosis", (words) => {
    const again = lastack(...words.split(" "), file, "--json");
    expect(again).toMatchObject({ status: live.status, stderr: "" });
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(live.stdout));
  });

  test("can be asked about something else", () => {
    const { status, stderr } = lastack("doctor", "--from", file, "--port", "3");
    expect([status, stderr]).toEqual([2, `lastack: ${file} has no process that listens on port 3.\n`]);
  });

  test("without addresses and names, it has none in any output, and the same findings", () => {
    const redacted = join(folder, "redacted.ndjson");
    const { stdout, status } = lastack("doctor", "--from", file, "--redact", "--out", redacted, "--json");
    const plain = lastack("doctor", "--from", file, "--redact");
    const direct = lastack("doctor", "--port", port, "--redact");
    expect(readFileSync(file, "utf8")).toContain(NAME);
    for (const text of [stdout, plain.stdout, direct.stdout, readFileSync(redacted, "utf8")]) {
      expect(text).not.toContain(NAME);
      expect(text).toContain("name-1");
    }
    const modes = (text: string): string[] =>
      (JSON.parse(text) as DoctorDocument).findings.map(({ mode }) => mode);
    expect(modes(stdout)).toEqual(modes(live.stdout));
    expect([status, plain.status, direct.status]).toEqual([1, 1, 1]);
    expect(JSON.parse(lastack("judge", redacted, "--json").stdout)).toEqual(JSON.parse(stdout));
  });

  test("names nobody in a sentence about a port on which nobody listens, either", () => {
    const local = String(clients[0]?.localPort);
    const of = (...more: string[]): string =>
      lastack("doctor", "--seconds", "1", "--port", local, ...more).stderr;
    expect(of()).toMatch(/It is the local port of a connection of .+ \(pid \d+\)/);
    expect(of("--redact")).toMatch(/It is the local port of a connection of name-\d+ \(pid \d+\)/);
  });

  test("that was changed afterwards is refused", () => {
    const forged = join(folder, "forged.ndjson");
    writeFileSync(forged, readFileSync(file, "utf8").replaceAll("CLOSE-WAIT", "ESTABLISHED"));
    const { status, stderr, stdout } = lastack("doctor", "--from", forged);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("it does not fit its seal");
  });

  test.each([
    [["--from", file, "--watch"], 64, "--watch looks at this machine, and --from reads what was saved"],
    [["--from", file, "--seconds", "5"], 64, "--seconds looks at this machine"],
    [["--out", file], 64, "already exists"],
    [["--out", ""], 64, "--out takes a file"],
    [["--from", join(folder, "none.ndjson")], 2, "There is no file"],
    [["--from", join(packageRoot, "results/reference/close-wait-leak/buggy.ndjson")], 2, "use lastack judge"],
  ])("doctor %j exits %i", (args, status, words) => {
    const result = lastack("doctor", ...args);
    expect(result.status, result.stderr).toBe(status);
    expect(result.stderr).toContain(words);
    expect(result.stdout).toBe("");
  });

  test("is not judged together with trials", () => {
    const trial = join(packageRoot, "results/reference/close-wait-leak/buggy.ndjson");
    expect(lastack("judge", file, trial)).toMatchObject({ status: 64, stdout: "" });
  });

  test("that cannot be written is a sentence, and the diagnosis is printed", () => {
    const { status, stdout, stderr } = lastack("doctor", "--port", port, "--out", "/proc/here.ndjson");
    expect(stdout).toMatch(/^Looked /);
    expect(stderr).toMatch(/^lastack: cannot make the recording \/proc\/here\.ndjson: .*\. The diagnosis/);
    expect(status).toBe(69);
    expect(existsSync("/proc/here.ndjson")).toBe(false);
  });
});

describe("a watch", () => {
  /** A watch, and the lines that it has printed. */
  function watch(...args: string[]): {
    child: ChildProcess;
    lines: string[];
    line: (with_: string) => Promise<boolean>;
  } {
    const child = spawn(process.execPath, [main, "doctor", "--port", port, "--watch", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    const line = (with_: string): Promise<boolean> =>
      until(
        () => lines.some((one) => one.includes(with_)) || child.exitCode !== null,
        (is) => is,
        WITHIN_MS,
      );
    return { child, lines, line };
  }
  /** Lets a leak appear and vanish while it is watched, and ends the watch. */
  async function watchLeak(...args: string[]): Promise<{ lines: string[]; status: number | null }> {
    server.kill("SIGUSR2");
    for (const client of clients) client.destroy();
    const { child, lines, line } = watch(...args);
    await line("watching");
    await leave();
    await line("found");
    server.kill("SIGUSR2");
    await line("gone");
    child.kill("SIGINT");
    const [status] = (await once(child, "close")) as [number | null];
    return { lines, status };
  }

  test("prints a finding when it appears and when it is gone, a line each, and exits 1 after Ctrl+C", async () => {
    const { lines, status } = await watchLeak();
    const time = String.raw`^\d\d:\d\d:\d\d  `;
    expect(lines.map((line) => line.replace(new RegExp(time), ""))).toEqual([
      expect.stringMatching(new RegExp(`^watching ${NAME} \\(pid ${server.pid}\\)`)),
      expect.stringMatching(new RegExp(`^✗ found close-wait-leak at ${NAME} .*: 23 CLOSE-WAIT sockets`)),
      expect.stringMatching(
        new RegExp(`^✓ gone  close-wait-leak at ${NAME} \\(pid ${server.pid}\\), seen for \\d+ s$`),
      ),
      expect.stringMatching(/^watched for .*: something found once$/),
    ]);
    expect(lines.every((line) => new RegExp(time).test(line))).toBe(true);
    expect(status).toBe(1);
  });

  test("--json prints a document a line, and --out keeps the last seconds; --redact names nobody in either", async () => {
    const file = join(folder, "watched.ndjson");
    const { lines, status } = await watchLeak("--json", "--redact", "--out", file);
    const documents = lines.map((line) => JSON.parse(line) as { event: string; at: string; mode?: string });
    expect(documents.map(({ event, mode }) => mode ?? event)).toEqual([
      "watching",
      "close-wait-leak",
      "close-wait-leak",
      "ended",
    ]);
    expect(documents.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
    for (const text of [...lines, readFileSync(file, "utf8")]) expect(text).not.toContain(NAME);
    // The leak is gone by then.
    const { status: later, stdout } = lastack("doctor", "--from", file, "--json");
    expect((JSON.parse(stdout) as DoctorDocument).seconds).toBeLessThan(6);
    expect([status, later === 1]).toEqual([1, false]);
  });

  test("that ends before it has looked for long enough says so, and exits 2", async () => {
    const { child, lines } = watch("--seconds", "600");
    await looksOf(child);
    child.kill("SIGINT");
    const [status] = (await once(child, "close")) as [number | null];
    expect(lines).toEqual([expect.stringMatching(/watched for \d+ s: too short to judge anything$/)]);
    expect(status).toBe(2);
  });

  test("of a process that ends is over, and it is not called healthy", async () => {
    const program = "require('net').createServer().listen(0,'127.0.0.1')";
    const victim = spawn(process.execPath, ["-e", program], { stdio: "ignore" });
    await until(
      () => lastack("doctor", "--seconds", "1", "--pid", String(victim.pid)).stdout,
      (text) => text !== "",
      WITHIN_MS,
    );
    const child = spawn(process.execPath, [main, "doctor", "--pid", String(victim.pid), "--watch"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    await once(child.stdout, "data");
    victim.kill("SIGKILL");
    const [status] = (await once(child, "close")) as [number | null];
    expect(stderr).toBe(`lastack: Process ${victim.pid} has ended, and so has the watch.\n`);
    expect(status).toBe(2);
  });
});

type Starved = DoctorDocument & { lack: string | null };

async function passed(ms: number): Promise<void> {
  const fromMs = performance.now();
  await until(
    () => performance.now() - fromMs,
    (waited) => waited > ms,
    WITHIN_MS,
  );
}

describe("a machine that is starved", () => {
  beforeAll(() => {
    server.kill("SIGUSR2");
    for (const client of clients) client.destroy();
  });

  /** Stops the doctor again and again, for so long each time, until it has ended; or once. */
  async function stopped(
    seconds: number,
    times: number,
  ): Promise<{ document: Starved; status: number | null }> {
    const words = [main, "doctor", "--port", port, "--json", "--seconds", String(seconds)];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const closed = once(child, "close") as Promise<[number | null]>;
    await looksOf(child);
    for (let nth = 0; nth < times && child.exitCode === null; nth += 1) {
      child.kill("SIGSTOP");
      await passed(1500);
      child.kill("SIGCONT");
      await passed(100);
    }
    const [status] = await closed;
    return { document: JSON.parse(stdout) as Starved, status };
  }

  test("for a moment is looked at for longer, and then everything can be judged", async () => {
    const { document, status } = await stopped(2, 1);
    expect([document.lack, status]).toEqual([null, 0]);
    // The samples before the stop are forgotten.
    expect(document.seconds).toBeLessThan(3);
  });

  test("all the time is a sentence and exit 2, and nothing is ruled out", async () => {
    const { document, status } = await stopped(1, 1000);
    expect(document.lack).toMatch(/^the machine is starved: a sample came \d\.\d\d s late, because /);
    expect(document.ruledOut).toEqual([]);
    expect(document.undecided.length).toBeGreaterThan(30);
    expect(status).toBe(2);
  });

  test("is not one that is merely busy", () => {
    const loops = Array.from({ length: 2 * availableParallelism() }, () =>
      spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
    );
    try {
      // Other work of this machine can starve it for a moment.
      const tries = [];
      do tries.push(lastack("doctor", "--port", port, "--json"));
      while (tries.length < 5 && tries.at(-1)?.status !== 0);
      expect(
        tries.map(({ status, stdout }) => [status, (JSON.parse(stdout) as { lack: unknown }).lack]).at(-1),
      ).toEqual([0, null]);
    } finally {
      for (const loop of loops) loop.kill("SIGKILL");
    }
  });
});
