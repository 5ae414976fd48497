import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled } from "../../harness/lab/paths.ts";
import { needs } from "../programs/needs.ts";

// The system calls by which the doctor could change something, as strace(1) shows them: each line begins with a pid.

const FORBIDDEN = [
  ...[
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "shutdown",
    "sendmsg",
    "sendmmsg",
    "setns",
    "unshare",
  ],
  ...[
    "kill",
    "tkill",
    "tgkill",
    "rt_sigqueueinfo",
    "pidfd_send_signal",
    "ptrace",
    "process_vm_writev",
    "process_vm_readv",
  ],
  ...["pidfd_getfd", "bpf", "perf_event_open", "init_module", "mount", "sched_setaffinity", "prlimit64"],
];
const WATCHED = [...FORBIDDEN, "socket", "setsockopt", "sendto", "openat", "unlink", "rename", "mkdir"];

describe("lastack doctor disturbs nothing", needs("strace"), () => {
  const folder = mkdtempSync(join(tmpdir(), "lastack-strace-"));
  let server: Server;
  let calls: { name: string; args: string }[] = [];

  beforeAll(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const file = join(folder, "calls");
    const traced = ["-f", "-qq", "-o", file, "-e", `trace=${WATCHED.join(",")}`];
    const doctor = [process.execPath, compiled("harness/cli/main.js"), "doctor", "--seconds", "1"];
    const { stdout, stderr } = spawnSync("strace", [...traced, ...doctor], { encoding: "utf8" });
    if (!stdout.includes("Looked")) throw new Error(`the doctor did not look: ${stderr}`);
    const lines = readFileSync(file, "utf8").split("\n");
    calls = lines.flatMap((line) => {
      const [, name, args] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
      return name === undefined || args === undefined ? [] : [{ name, args }];
    });
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const argsOf = (...names: string[]): string[] =>
    calls.filter(({ name }) => names.includes(name)).map(({ args }) => args);

  test("it connects to nobody, signals nobody and traces nobody", () => {
    // prlimit64 without a pid and a new limit reads this process's own limits.
    const some = calls.filter(({ name, args }) => FORBIDDEN.includes(name) && !/^0, \w+, NULL, /.test(args));
    expect(some).toEqual([]);
  });

  test("its only sockets are netlink sockets of sock_diag, and it sets options on these alone", () => {
    const made = argsOf("socket");
    expect(made.length).toBeGreaterThan(0);
    for (const args of made)
      expect(args).toMatch(/^AF_NETLINK, SOCK_RAW\|SOCK_CLOEXEC, NETLINK_SOCK_DIAG\) = \d+$/);
    const own = made.map((args) => / = (\d+)$/.exec(args)?.[1]);
    for (const args of argsOf("setsockopt")) expect(own).toContain(/^\d+/.exec(args)?.[0]);
  });

  test("its only messages are requests for dumps: no SOCK_DESTROY", () => {
    const sent = argsOf("sendto");
    expect(sent.length).toBeGreaterThan(1);
    // 0x12 is TCPDIAG_GETSOCK, and 0x300 is NLM_F_DUMP, where strace does not know the protocol yet.
    for (const args of sent)
      expect(args).toMatch(
        /nlmsg_type=(TCPDIAG_GETSOCK|0x12\b).*nlmsg_flags=NLM_F_REQUEST\|(NLM_F_DUMP|0x300)/,
      );
  });

  test("it opens no file for writing, and removes none", () => {
    const writing = argsOf("openat").filter((args) => /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(args));
    expect(writing.filter((args) => !args.includes('"/dev/'))).toEqual([]);
    expect(argsOf("unlink", "rename", "mkdir")).toEqual([]);
  });
});
