import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { readThreadWaits } from "../../harness/observers/processes/thread-waits.ts";
import { placeOf } from "../../harness/measure/kernel-waits.ts";
import type { ThreadsSeen } from "../../harness/measure/thread-waits.ts";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { asUser, WHO, type Who } from "../lab/user.ts";
import { until } from "../lab/wait.ts";
import { needs } from "../programs/needs.ts";
import type { DoctorDocument } from "./place.ts";

// Programs that sleep in a known call of the kernel, and what the doctor says of it.

const main = compiled("harness/cli/main.js");
const program = join(packageRoot, "tests/fixtures/doctor/sleeps.py");
const WITHIN_MS = 30_000;
const MOST_TIMES = 3;

/** With what the threads of a finding did, and the numbers of "nothing found". */
interface Document extends DoctorDocument {
  findings: (DoctorDocument["findings"][number] & {
    threads: { processes: ThreadsSeen[]; follows: string | null } | null;
  })[];
  lookedAt: { threads: ThreadsSeen[]; unanswered: { count: number; isIdle: boolean }[] };
  notVisible: { threads: { pid: number; name: string }[] };
}

const children: ChildProcess[] = [];
const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  // With its own children: they have its standard output.
  for (const { pid } of children.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
});

/** One that every user may run: the first one of the PATH can be in root's home. */
const SYSTEM_PYTHON = "/usr/bin/python3";
const USERS = WHO.filter((who) => who === "own" || existsSync(SYSTEM_PYTHON));

/** Starts the program, and returns its port and pid. */
function sleeper(who: Who, ...words: string[]): Promise<{ port: string; pid: number }> {
  return started(...asUser(who, [who === "own" ? "python3" : SYSTEM_PYTHON, program, ...words]));
}

async function started(executable: string, ...args: string[]): Promise<{ port: string; pid: number }> {
  const child = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => {
    throw new Error("the program ended before it printed its port");
  });
  const [port] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => {});
  return { port, pid: child.pid ?? 0 };
}

/** Connects, and sends something but where it is to be silent. */
async function client(port: string, words: string | null): Promise<void> {
  const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
  clients.push(socket);
  await once(socket, "connect");
  if (words !== null) socket.write(words);
}

/** Waits until the main thread of a process sleeps for what is meant. */
async function sleeps(pid: number, words: string): Promise<void> {
  const doing = (): string => placeOf(readThreadWaits(pid)?.main ?? "").words;
  expect(await until(doing, (now) => now.startsWith(words), WITHIN_MS)).toMatch(
    new RegExp(`^${words.replaceAll(/[()]/g, String.raw`\$&`)}`),
  );
}

function doctor(who: Who, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const [executable, ...words] = asUser(who, [process.execPath, main, "doctor", ...args]);
  return spawnSync(executable, words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/** A document without want of samples: on a starved machine the doctor judges little, and is asked again. */
function documentOf(who: Who, port: string): Document {
  for (let time = 1; ; time += 1) {
    const { stdout, stderr } = doctor(who, "--port", port, "--json");
    expect(stderr).toBe("");
    const document = JSON.parse(stdout) as Document;
    if (document.lack === null || time === MOST_TIMES) return document;
  }
}

const SLEEPS = {
  pipe: "waits for data of a pipe",
  lock: "waits for a lock or another thread",
  stopped: "is stopped by a signal",
  child: "waits for a child to end",
  recv: "waits for a socket in recv()",
} as const;

describe.each(USERS)(
  "a server that accepts one silent client and then nobody, as its %s user",
  needs("python3"),
  (who) => {
    test.each(["pipe", "lock", "stopped", "child"] as const)(
      "in a %s, it is blocked by something that is no client",
      async (way) => {
        const { port, pid } = await sleeper(who, way, "1");
        await client(port, null);
        await sleeps(pid, SLEEPS[way]);
        for (let nth = 0; nth < 5; nth += 1) await client(port, "hello\n");
        const { findings } = documentOf(who, port);
        expect(findings.map(({ mode }) => mode)).toEqual(["blocked-acceptor"]);
        const threads = findings[0]?.threads;
        expect(threads?.processes).toMatchObject([{ pid, threads: 1, read: 1, others: [] }]);
        expect(threads?.processes[0]?.main.map(({ wait }) => placeOf(wait).words)).toEqual([
          expect.stringContaining(SLEEPS[way]),
        ]);
        expect(threads?.follows).toContain("none asks for connections");
      },
    );

    test("in recv(), it is blocked by that client", async () => {
      const { port, pid } = await sleeper(who, "recv", "1");
      await client(port, null);
      await sleeps(pid, "waits for");
      for (let nth = 0; nth < 5; nth += 1) await client(port, "hello\n");
      const { stdout } = doctor(who, "--port", port);
      const text = stdout.replaceAll(/\n {10}/g, " ");
      expect(text).toContain("✗ silent-client-blocks-acceptor");
      expect(text).toMatch(
        /^threads {3}\S+ \(pid \d+\): its only thread waits for .*recv\(\).* in all \d+ samples/m,
      );
      expect(text).not.toContain("✗ blocked-acceptor");
    });
  },
);

test("with nothing found, it says what the main thread does", needs("python3"), async () => {
  const { port, pid } = await sleeper("own", "accept", "0");
  await sleeps(pid, "waits in accept()");
  const text = doctor("own", "--port", port).stdout.replaceAll("\n", " ");
  expect(text).toContain("Nothing found.");
  expect(text).toMatch(new RegExp(String.raw`The main thread of \S+ \(pid ${pid}\) waits in accept\(\)`));
});

test(
  "a server that reads and never answers is not accused, and what it does is shown",
  needs("python3"),
  async () => {
    const { port, pid } = await sleeper("own", "lock", "5", "--read");
    for (let nth = 0; nth < 5; nth += 1) await client(port, "hello\n");
    await sleeps(pid, SLEEPS.lock);
    const { findings, lookedAt } = documentOf("own", port);
    expect(findings).toEqual([]);
    expect(lookedAt.unanswered).toMatchObject([{ port: Number(port), count: 5, isIdle: true }]);
    expect(doctor("own", "--port", port).stdout.replaceAll("\n", " ")).toContain(
      `5 clients of port ${port} have sent something, and no byte went back for 1.5 s or more: meanwhile no thread waited for a client, and none ran.`,
    );
  },
);

describe.runIf(WHO.includes("ordinary"))("what may not be read is named, with the permission", () => {
  test("of another user's server", needs("python3"), async () => {
    const { port, pid } = await sleeper("own", "pipe", "0");
    await sleeps(pid, SLEEPS.pipe);
    const text = doctor("ordinary", "--seconds", "1", "--port", port).stdout.replaceAll("\n", " ");
    expect(text).toMatch(/Not visible: the descriptors of .*, and what their threads do/);
    expect(text).toContain("Run this as root, with CAP_SYS_PTRACE, or as their user, to see them.");
  });

  test(
    "of a worker of another user, as root without CAP_SYS_PTRACE (in a container)",
    needs("python3"),
    async () => {
      // Without it, a process may read only those that have no more capabilities than it has (ptrace(2)): the server has lost it, too.
      const without = ["--bounding-set=-sys_ptrace", "--"];
      const { port, pid } = await started("setpriv", ...without, "python3", program, "worker", "0");
      await sleeps(pid, "waits for a signal");
      const command = [...without, process.execPath, main, "doctor", "--port", port, "--json"];
      const { stdout, stderr } = spawnSync("setpriv", command, { encoding: "utf8" });
      expect(stderr).toBe("");
      const { notVisible, lookedAt } = JSON.parse(stdout) as Document;
      expect(notVisible.threads).toHaveLength(1);
      expect(notVisible.threads[0]?.pid).not.toBe(pid);
      expect(lookedAt.threads.map((one) => one.pid)).toEqual([pid]);
    },
  );
});
