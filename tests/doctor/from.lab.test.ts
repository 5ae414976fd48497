import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { referencePath } from "../../harness/recording/place.ts";
import { asUser, WHO } from "../lab/user.ts";
import type { DoctorDocument } from "./place.ts";
import { savedShots } from "./saved-texts.ts";
import { fileOf, type Shot } from "./shot.ts";

// The command line: lastack doctor --from.

const main = compiled("harness/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "lastack-from-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const leak = savedShots("modes").get("close-wait-leak") ?? [];
/** The port of the server that leaks: 8080 of the experiment, with another number. */
const PORT = "18080";
const part = (shot: Shot | undefined, command: string): string =>
  shot?.parts.get(command)?.replace(/^\+.*\n/, "") ?? "";

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function doctor(args: string[], input = ""): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, "doctor", ...args], { encoding: "utf8", input });
}

const recording = referencePath(packageRoot, "close-wait-leak", "buggy");
const whole = file("evidence.txt", fileOf(leak));
const looks = leak.map((shot, nth) => file(`ss_-tanoiemp.${nth + 1}`, part(shot, "ss -tanoiemp")));

describe("a finding from saved text", () => {
  test("is the same as a live one, from one file with everything", () => {
    const { stdout, stderr, status } = doctor(["--from", whole]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Read 2 looks in \d\.\d s, by the dates in the text, of /);
    expect(stdout).toContain("✗ close-wait-leak");
    expect(stdout).toMatch(/^example +CLOSE-WAIT 0 0 .*ino:\d+ pid \d+$/m);
    expect(stdout).toMatch(/^Not judged: .*what only\n?\s*\/proc shows of a process/ms);
    expect(stdout).not.toContain("Ruled out");
    expect(status).toBe(1);
  });

  test("from a file for each look, and from standard input", () => {
    const json = (args: string[], input?: string): DoctorDocument =>
      JSON.parse(doctor([...args, "--json"], input).stdout) as DoctorDocument;
    const ids = ({ findings }: DoctorDocument): string[] => [...new Set(findings.map(({ mode }) => mode))];
    expect(ids(json(["--from", ...looks]))).toContain("close-wait-leak");
    expect(ids(json(["--from", looks[0] ?? "", "--from", looks[1] ?? "", "--interval", "3"]))).toContain(
      "close-wait-leak",
    );
    expect(ids(json(["--from", "-"], fileOf(leak)))).toContain("close-wait-leak");
  });

  test("from a pipe with a name, which can be read only once", () => {
    const words = `cat ${whole} | ${process.execPath} ${main} doctor --from /dev/stdin`;
    expect(spawnSync("sh", ["-c", words], { encoding: "utf8" }).stdout).toContain("✗ close-wait-leak");
  });

  test("is redacted", () => {
    const { stdout, status } = doctor(["--from", whole, "--redact"]);
    expect(stdout).toContain("✗ close-wait-leak");
    expect(stdout).toMatch(/^where +name-1 \(pid \d+\)$/m);
    expect(stdout).not.toMatch(/\bnode\b|evidence\.txt/);
    expect(status).toBe(1);
  });

  test("of a port, and of a process", () => {
    const { stdout } = doctor(["--from", whole, "--port", PORT, "--json"]);
    const { examined } = JSON.parse(stdout) as DoctorDocument;
    const [own] = examined;
    expect(own?.subject).toMatchObject({ ports: [Number(PORT)] });
    const { status } = doctor(["--from", whole, "--pid", String(own?.subject.pid)]);
    expect(status).toBe(1);
    expect(doctor(["--from", whole, "--port", "3"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("has no process that listens on port 3") as string,
    });
  });

  test.runIf(WHO.includes("ordinary"))("needs no privilege", () => {
    const [executable, ...args] = asUser("ordinary", [process.execPath, main, "doctor", "--from", "-"]);
    expect(spawnSync(executable, args, { encoding: "utf8", input: fileOf(leak) }).stdout).toContain(
      "✗ close-wait-leak",
    );
  });
});

test("one ss -tan accuses nobody: it says what fits, and what would tell", () => {
  const { stdout, status } = doctor(["--from", file("ss-tan", part(leak[1], "ss -tan"))]);
  expect(stdout).toContain("Read one look, which shows no time, of ");
  expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
    /\? close-wait-leak: needs the same again, some seconds later; .*the holder of the socket \(ss -p, as root\)/,
  );
  expect(stdout).not.toContain("✗");
  expect(status).toBe(2);
});

test("the folder of a sosreport is one look", () => {
  const sos = join(folder, "sosreport");
  file("sosreport/sos_commands/networking/ss_-peaonmi", part(leak[1], "ss -tanoiemp"));
  file("sosreport/sos_commands/networking/netstat_-W_-neopa", part(leak[1], "netstat -tnaop"));
  file("sosreport/sos_commands/networking/ip_-o_addr", "1: lo    inet 127.0.0.1/8 scope host lo");
  file(
    "sosreport/sos_commands/kernel/sysctl_-a",
    "net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.tcp_tw_reuse = 2\n",
  );
  file("sosreport/proc/net/netstat", "TcpExt: ListenOverflows\nTcpExt: 97\n");
  file("sosreport/proc/net/snmp", "Tcp: OutRsts\nTcp: 97\n");
  const { stdout, stderr, status } = doctor(["--from", sos]);
  expect(stderr).toBe("");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "Not used: counters that were read once: they count since boot",
  );
  expect(stdout).not.toContain("was not read");
  expect(stdout).toMatch(/^\? close-wait-leak: /m);
  expect(status).toBe(2);
});

describe("what is no evidence", () => {
  test.each<[number, string, () => string[]]>([
    [2, "There is no file", () => ["--from", join(folder, "missing")]],
    [
      2,
      "There is no socket and no counter to judge",
      () => ["--from", file("letter", "Dear all,\nplease find attached.\n")],
    ],
    [
      2,
      "is no text: an archive must be unpacked first",
      () => ["--from", file("binary", "\u001f\u008b\0\0")],
    ],
    [
      2,
      "with a port in digits: use ss -n",
      () => ["--from", file("names", "ESTAB 0 0 web:https 192.0.2.1:40000\n")],
    ],
    [2, "it is not what sosreport makes", () => ["--from", dirname(file("folder/x", ""))]],
    [64, "--interval takes seconds", () => ["--from", whole, "--interval", "soon"]],
    [
      64,
      "--seconds looks at this machine, and --from reads what was saved",
      () => ["--from", whole, "--seconds", "3"],
    ],
    [64, "--interval means nothing without --from", () => ["--interval", "3"]],
    [64, "--out writes a recording", () => ["--from", whole, "--out", join(folder, "x.ndjson")]],
    [64, "buggy.ndjson is a recording: name it alone", () => ["--from", whole, recording]],
    [64, "leave --interval out", () => ["--from", recording, "--interval", "3"]],
    [64, "takes only options", () => [whole]],
    [64, "--from takes a value", () => ["--from"]],
  ])("exit %i: %s", (status, words, args) => {
    const result = doctor(args());
    expect(result.stderr).toContain(words);
    expect([result.status, result.stdout]).toEqual([status, ""]);
    expect(result.stderr).not.toContain("    at ");
  });
});
