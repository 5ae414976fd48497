import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { at, handMade, packetAt } from "../harness/recording/hand-made.fixture.ts";
import { recordingText } from "../harness/recording/line.ts";
import { readRecording } from "../harness/recording/read.ts";
import { lastack as run, MAIN, talk as talkIn } from "./lab/command.ts";
import { folderFor } from "./lab/user.ts";
import { until } from "./lab/wait.ts";
import { needs } from "./programs/needs.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

const lastack = (args: string[], options: Parameters<typeof run>[1] = {}) =>
  run(args, { cwd: folder.path, ...options });
const talk = (args: string[]) => talkIn(args, folder.path);

const reference = (name: string): string => join(packageRoot, "results", "reference", `${name}.ndjson`);

test("claims --out says when no run in the folder has settled the claims", () => {
  const { status, stderr } = lastack(["claims", "C16", "--out", "empty"]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^No run in empty has settled this claim\.$/m);
  expect(lastack(["claims", "C16"]).stderr).not.toContain("No run");
});

test("a choice of claims that leaves none is said in the singular, too", () => {
  expect(lastack(["claims", "C16", "--verdict", "inconclusive"]).stdout).toBe(
    "The claim does not have this verdict.\n",
  );
  expect(lastack(["claims", "C14", "--verdict", "inconclusive"]).stdout).toBe(
    "None of these 3 claims has this verdict.\n",
  );
});

test("every command's help ends with examples", () => {
  const commands = ["run", "list", "serve", "load", "compare", "judge", "report", "census", "preflight"];
  for (const command of commands) {
    const { status, stdout } = lastack([command, "--help"]);
    expect(status).toBe(0);
    expect(stdout, command).toMatch(new RegExp(`\nExamples:\n(  lastack ${command}.*\n(    .*\n)?)+$`));
  }
});

test("list prints the catalogue as JSON with these keys", () => {
  const rows = JSON.parse(lastack(["list", "--json"]).stdout) as Record<string, unknown>[];
  expect(rows.length).toBeGreaterThanOrEqual(5);
  expect(Object.keys(rows[0] ?? {})).toEqual(["id", "title", "question", "kind", "variants", "tags"]);
});

test("preflight exits with 0, and a lab that cannot be built exits with 69 and says what works", () => {
  expect(lastack(["preflight"]).status).toBe(0);
  // The PATH lacks setpriv, without which no lab can be built.
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  for (const name of ["unshare", "prlimit"]) {
    const there = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (there !== "") symlinkSync(there, join(bin, name));
  }
  const { status, stderr } = lastack(["run", "close-wait-leak", "--out", "never"], { env: { PATH: bin } });
  expect(status).toBe(69);
  expect(stderr).toMatch(/^lastack cannot build its lab here\. To fix this: install util-linux/);
  expect(existsSync(join(folder.path, "never"))).toBe(false);
});

test("a server whose program is not installed makes the verdict inconclusive, and says what installs it", () => {
  // The PATH has only what a lab needs: it has no Python.
  const bin = join(folder.path, "no-python");
  mkdirSync(bin);
  for (const name of ["setpriv", "unshare", "prlimit", "ip", "sh"]) {
    const there = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (there !== "") symlinkSync(there, join(bin, name));
  }
  const { status, stdout } = lastack(["run", "listener-backlog", "--variant", "python"], {
    env: { PATH: bin },
  });
  expect(status).toBe(2);
  // The report is wrapped to the terminal's width, so line breaks are ignored.
  const said = stdout.replaceAll(/\s+/g, " ");
  expect(said.split("there is no command python3 in ")).toHaveLength(2);
  expect(said).toContain("to install it: sudo apt-get install python3");
});

/** A folder that contains only files as a user would write them. */
function folderOf(name: string, files: string[]): string {
  const own = join(folder.path, name);
  mkdirSync(own);
  for (const file of files)
    copyFileSync(join(packageRoot, "tests", "fixtures", "own", file), join(own, file));
  return own;
}

test("a command can be a server in Python, which is ready when it listens", needs("python3"), () => {
  const own = folderOf("python", ["in-python.ts", "server.py"]);
  const ran = lastack(["run", "./in-python.ts"], { cwd: own });
  expect(ran.stdout).toMatch(/in-python +buggy +✓ confirmed .*\n +fixed +✓ confirmed /);
  expect(ran.status).toBe(0);
});

test("an executable file can be a server in C", needs("cc"), () => {
  const own = folderOf("c", ["in-c.ts", "server.c"]);
  expect(lastack(["run", "./in-c.ts"], { cwd: own }).stdout).toMatch(/there is no program \.\/server: /);
  expect(spawnSync("cc", ["-o", "server", "server.c"], { cwd: own, stdio: "inherit" }).status).toBe(0);
  const ran = lastack(["run", "./in-c.ts"], { cwd: own });
  expect(ran.stdout).toMatch(/in-c +plain +✓ confirmed /);
  expect(ran.status).toBe(0);
});

test("a user's experiment file runs in an empty folder, with the user's server", () => {
  const own = folderOf("own", ["mine.ts", "my-server.ts"]);
  const ran = lastack(["run", "./mine.ts", "--json"], { cwd: own });
  expect(ran.stderr).not.toMatch(/fault/);
  expect(ran.status).toBe(0);
  const [recording = ""] = (JSON.parse(ran.stdout) as RunDocument).experiments.map(
    ({ variants }) => variants["plain"]?.recording ?? "",
  );
  expect(lastack(["judge", recording, "./mine.ts"], { cwd: own }).status).toBe(0);
});

interface RunDocument {
  outcome: string;
  experiments: { id: string; variants: Record<string, { outcome: string; recording: string }> }[];
}

test(
  "--hold stops after the last phase, and the printed command shows the sockets",
  needs("ss"),
  async () => {
    const { child, said, ended } = talk(["run", "close-wait-leak", "--hold"]);
    const hint = await until(said, (text) => /Enter continues the trial/.test(text), 20_000);
    expect(hint).toContain("close-wait-leak/buggy is held at the end of drain. In another terminal:");
    const line = /# server\n\s+(nsenter .*)/.exec(hint)?.[1] ?? "";
    expect(line).toMatch(/ss -tanop$/);
    const [executable = "", ...args] = line.trim().split(" ");
    const seen = spawnSync(executable, args, { encoding: "utf8" }).stdout;
    expect(
      seen.split("\n").filter((row) => row.startsWith("CLOSE-WAIT") && row.includes(":8080 ")),
    ).toHaveLength(97);
    child.stdin?.write("\n");
    expect(await ended).toBe(0);
  },
);

test("Ctrl+C ends the lab, keeps the recordings, prints their path, and exits with 130", async () => {
  // With --jobs both trials run at the same time, even on a busy machine.
  const { child, said, ended } = talk(["run", "close-wait-leak", "--out", "stopped", "--jobs", "2"]);
  await until(() => readdirSync(folder.path).includes("stopped"), Boolean, 20_000);
  const find = (): string[] =>
    readdirSync(join(folder.path, "stopped"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("ndjson"),
    );
  await until(find, (names) => names.length === 2, 20_000);
  const paths = find().map((name) => join(folder.path, "stopped", name));
  const loaded = (): boolean =>
    paths.every((path) => readRecording(path).samples.some((sample) => sample.kind === "attempt"));
  await until(loaded, Boolean, 20_000);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  for (const path of paths)
    expect(readRecording(path).samples.at(-1)).toMatchObject({ kind: "end", reason: "interrupted" });
  expect(said()).toMatch(/the trial was interrupted/);
  expect(said()).toMatch(/Recordings: stopped\//);
});

describe("judge", () => {
  const whole = readFileSync(reference("close-wait-leak/buggy"), "utf8");

  test("confirms a committed recording again", () => {
    expect(lastack(["judge", reference("close-wait-leak/buggy")]).status).toBe(0);
  });

  test("reads a truncated recording up to its last complete line, and says so", () => {
    const cut = join(folder.path, "cut.ndjson");
    writeFileSync(cut, whole.slice(0, whole.length / 2));
    const { status, stdout } = lastack(["judge", cut]);
    expect(status).toBe(2);
    expect(stdout).toMatch(/the recording is not whole/);
  });

  test("says of a recording of an older version that it is unsealed", () => {
    const whole = readFileSync(reference("close-wait-leak/buggy"), "utf8").trimEnd().split("\n");
    const lines = whole.map((line) => JSON.parse(line) as { format?: string; seal?: string });
    for (const line of lines) delete line.seal;
    lines[0]!.format = "lastack-recording/2";
    const unsealed = join(folder.path, "unsealed.ndjson");
    writeFileSync(unsealed, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(lastack(["judge", unsealed]).stderr).toBe(
      "The recording is unsealed: a line that was changed or deleted afterwards would not be noticed.\n",
    );
    const sealed = join(folder.path, "sealed.ndjson");
    writeFileSync(sealed, recordingText(readRecording(unsealed)));
    expect(lastack(["judge", sealed])).toMatchObject({ status: 0, stderr: "" });
  });

  test("notices a deleted line and swapped lines, names the line, and judges the others", () => {
    const lines = recordingText(readRecording(reference("close-wait-leak/buggy")))
      .trimEnd()
      .split("\n");
    const [deleted, swapped] = ["deleted.ndjson", "swapped.ndjson"].map((name) => join(folder.path, name));
    writeFileSync(deleted!, `${lines.toSpliced(6, 1).join("\n")}\n`);
    writeFileSync(swapped!, `${lines.with(8, lines[9]!).with(9, lines[8]!).join("\n")}\n`);
    const alone = lastack(["judge", deleted!]);
    expect(alone).toMatchObject({ status: 2, stdout: "" });
    expect(alone.stderr).toMatch(/deleted.ndjson line 7: it does not fit its seal/);
    const all = lastack(["judge", reference("close-wait-leak/fixed"), deleted!, swapped!]);
    expect(all.status).toBe(2);
    expect(all.stdout).toMatch(/^fixed: confirmed$/m);
    expect(all.stderr).toMatch(/deleted.ndjson line 7[^]*swapped.ndjson line 9/);
  });

  test("refuses what is no regular file", () => {
    const { status, stderr } = lastack(["judge", "/dev/zero"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/it is not a regular file, but a device; name a .ndjson file/);
  });

  test("refuses a damaged recording and names the line", () => {
    const damaged = join(folder.path, "damaged.ndjson");
    const lines = whole.split("\n");
    writeFileSync(damaged, [...lines.slice(0, 6), "}{", ...lines.slice(7)].join("\n"));
    const { status, stderr } = lastack(["judge", damaged]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/line 7/);
  });
});

describe("report", () => {
  test("prints the same for a folder as judge prints for the recordings in it", () => {
    const paths = ["buggy", "fixed"].map((variant) => reference(`close-wait-leak/${variant}`));
    const judged = lastack(["judge", ...paths, "--json"]);
    const reported = lastack(["report", dirname(paths[0] ?? ""), "--json"]);
    expect(JSON.parse(reported.stdout)).toEqual(JSON.parse(judged.stdout));
    expect([reported.status, judged.status]).toEqual([0, 0]);
  });

  test("draws a connection of a recording with segments, and says if there are none", () => {
    const path = join(folder.path, "wire.ndjson");
    const recording = handMade([
      packetAt(at(1), "client", ["SYN"], { sequence: 0, fate: "dropped", rule: "first-syn", sentUs: null }),
    ]);
    writeFileSync(path, recordingText(recording));
    const { status, stdout } = lastack(["report", path, "--ladder"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/│── SYN seq=0 ─+✗ dropped by first-syn +│\n/);
    const other = lastack(["report", path, "--ladder", "--connection", "2"]);
    expect(other.stderr).toMatch(/there is no connection 2 on link 0; there are 1 on link 0\./);
    expect([other.status, other.stdout]).toEqual([2, ""]);
  });
});

test("a full disk is reported in one sentence, and an incomplete file does not count as complete", () => {
  const disk = join(folder.path, "disk");
  mkdirSync(disk);
  const script = 'mount -t tmpfs -o size=40k tmpfs "$1" && shift && exec "$@"';
  const command = [process.execPath, MAIN, "run", "close-wait-leak", "--variant", "buggy", "--out", disk];
  const ran = spawnSync(
    "unshare",
    ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", disk, ...command],
    {
      encoding: "utf8",
    },
  );
  // The report is wrapped to the terminal's width, so line breaks are ignored.
  expect(ran.stdout.replaceAll(/\s+/g, " ")).toMatch(/no space is left on that disk \(ENOSPC\)/);
  expect(ran.status).toBe(2);
});

test("serve runs a server on loopback until SIGTERM", async () => {
  // The port is outside the default range of local ports, so no client on this machine can use it.
  const { child, said, ended } = talk(["serve", "close-wait-leak/buggy", "--port", "28080"]);
  await until(said, (text) => text.includes("ready 28080"), 10_000);
  const census = JSON.parse(lastack(["census", "--port", "28080", "--json"]).stdout) as {
    states: Record<string, number>;
    listeners: { address: string; backlog: number }[];
  };
  expect(census.states).toEqual({ LISTEN: 1 });
  expect(census.listeners).toMatchObject([{ address: "127.0.0.1" }]);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("a run with closed standard output exits with 141; closed standard error changes nothing", async () => {
  const unread = talk(["list"]);
  unread.child.stdout?.destroy();
  expect(await unread.ended).toBe(141);
  const unheard = talk(["run", "close-wait-leak", "--variant", "fixed"]);
  unheard.child.stderr?.destroy();
  expect(await unheard.ended).toBe(0);
  expect(unheard.said()).toMatch(/1 confirmed/);
});

test("a full disk for standard output is reported, and is no fault of lastack", () => {
  const ran = spawnSync("sh", ["-c", `"${process.execPath}" "${MAIN}" list > /dev/full`], {
    encoding: "utf8",
  });
  expect(ran.stderr).toMatch(/^lastack: cannot write to standard output: ENOSPC/);
  expect(ran.status).toBe(69);
});

test("NO_COLOR is respected, and a closed pipe is no fault", () => {
  const piped = spawnSync("sh", ["-c", `"${process.execPath}" "${MAIN}" list | head -1; exit 0`], {
    encoding: "utf8",
  });
  expect(piped.stderr).toBe("");
  expect(dirname(piped.stdout)).not.toContain("\u001B");
});
