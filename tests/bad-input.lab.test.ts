import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { lastack as run, MAIN, type Ran } from "./lab/command.ts";
import { asUser, folderFor, WHO } from "./lab/user.ts";

// Exit code 70 is for faults of lastack. What a user types, and what a machine lacks, has a sentence and a code of its own.

const folder = folderFor("own");
afterAll(() => folder.remove());

const lastack = (args: string[], options: Parameters<typeof run>[1] = {}): Ran =>
  run(args, { cwd: folder.path, ...options });

const LONG = "a".repeat(70_000);

/** Makes a run's folder with a file of that text, and returns the folder above it. */
function runWith(name: string, file: string, text: string): string {
  const run = join(folder.path, name, "2026-11-21T05-44-23Z");
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, file), text);
  return join(folder.path, name);
}

describe("bad input is not called a fault of lastack", () => {
  writeFileSync(join(folder.path, "file"), "");
  writeFileSync(join(folder.path, "stuck.mjs"), "await new Promise(() => {});\n");
  mkdirSync(join(folder.path, "c", "2026-11-21T05-44-23Z", "claims.json"), { recursive: true });

  const cases: [string[], number, RegExp][] = [
    [["run", ""], 64, /"" names no experiment: write an id/],
    [["run", LONG], 64, /A name has at most 1000 characters/],
    [["run", "["], 64, /There is no experiment "\["/],
    [["run", "stuck.mjs"], 2, /stuck\.mjs cannot be loaded: it waits at its top level for something/],
    [["part", "judge", ""], 64, /"" names no experiment/],
    [["report", LONG], 2, /cannot read the recording a+: ENAMETOOLONG/],
    [["claims", "--out", "file"], 2, /cannot read the folder .*file: a part of the path is a file/],
    [["runs", "--out", "file"], 2, /cannot read the folder .*file: a part of the path is a file/],
    [["runs", "--prune", "1.5"], 64, /--prune takes a whole number/],
    [["claims", ""], 64, /There is no claim ""\./],
    [["claims", "--area", ""], 64, /There is no area ""\./],
    [["judge", ""], 2, /cannot read the recording "": there is no such file/],
    [
      ["judge", join(packageRoot, "README.md")],
      2,
      /line 1: it is not JSON, so it is not the header of a recording; name a/,
    ],
    [[""], 64, /There is no command ""\./],
    [["--json", "list"], 64, /--json is no command: options come after the command/],
    [["serve", ""], 64, /There is no server ""\./],
    [["serve", "nat-shares-ports/router"], 64, /changes the firewall .*so it runs only in a lab/],
    [["serve", "close-wait-leak/buggy", "--", "--frob"], 64, /does not take these arguments: Unknown option/],
    [["list", "--tag", "tuor"], 64, /No experiment has the tag "tuor"\. Did you mean tour\?/],
    [["help", "lst"], 64, /There is no command lst\. Did you mean list\?/],
  ];
  const named = cases.map(([args, ...expected]) => [args.join(" ").slice(0, 50), args, ...expected] as const);
  test.each(named)("lastack %s", (_, args, status, sentence) => {
    const ran = lastack(args);
    expect(ran.stderr).toMatch(sentence);
    expect([ran.status, ran.stdout]).toEqual([status, ""]);
  });

  test.each(["", "null", "{}", '{"kernel":"6","results":[{"id":"C16","verdict":"holds"}]}'])(
    "settled claims of an earlier run that are damaged are passed over: %s",
    (text) => {
      const out = runWith("damaged", "claims.json", text);
      expect(lastack(["claims", "C16", "--out", out]).status).toBe(0);
    },
  );

  test("settled claims in a folder instead of a file, and other files beside runs, are passed over", () => {
    expect(lastack(["claims", "C16", "--out", "c"]).status).toBe(0);
    expect(lastack(["claims", "C16", "--out", "."]).status).toBe(0);
  });

  test("a working folder that was deleted is named", () => {
    const gone = join(folder.path, "gone");
    mkdirSync(gone);
    const script = 'rmdir "$PWD" && exec "$0" "$@"';
    const command = [process.execPath, MAIN, "run", "handshake/refused"];
    const ran = spawnSync("sh", ["-c", script, ...command], { cwd: gone, encoding: "utf8" });
    expect(ran.stderr).toMatch(/^lastack: the working folder does not exist any more/);
    expect(ran.status).toBe(69);
  });
});

describe("a file of one's own", () => {
  const setup = '{ phases: [{ name: "load", until: { elapsedMs: 300 } }] }';
  const sound = `import { fact, neverSeen, setupOf } from "lastack/experiment";
const plain = { summary: "s", setup: setupOf(${setup}), exact: [neverSeen({}).because("nobody connects")] };
export const experiment = fact({ id: "mine", title: "t", question: "q?", tags: [], variants: { plain } });
`;
  /** The same with a claim of one's own that has this test. */
  const own = (test: string): string =>
    sound.replace(
      'neverSeen({}).because("nobody connects")',
      `{ claim: "c", because: "b", needs: [], test: ${test} }`,
    );
  const unfolded = (text: string): string => text.replaceAll(/\s+/g, " ");
  const run = (name: string, source: string): Ran => {
    writeFileSync(join(folder.path, name), source);
    return lastack(["run", name, "--out", "own-runs"]);
  };

  test.each<[string, string, RegExp]>([
    [
      "exits.mjs",
      "process.exit(0);\n",
      /exits\.mjs cannot be loaded: it called process\.exit\(0\): leave that call out \(line 1\)/,
    ],
    [
      "exits-later.mjs",
      `${sound}setTimeout(() => process.exit(0), 100);\n`,
      /exits-later\.mjs \(line 4\) called process\.exit\(0\) before/,
    ],
    [
      "rejects.mjs",
      `${sound}Promise.reject(new Error("no server"));\n`,
      /rejects\.mjs \(line 4\) has an error that nothing catches: no server\. There is no verdict/,
    ],
    [
      "throws-later.mjs",
      `${sound}setTimeout(() => {\n  throw "odd";\n}, 100);\n`,
      /throws-later\.mjs has an error that nothing catches: odd\. There is no verdict/,
    ],
    [
      "misspelt-module.mjs",
      'import "lastack/experment";\n',
      /misspelt-module\.mjs cannot be loaded: lastack has no module "lastack\/experment"; its modules are lastack and lastack\/experiment/,
    ],
    [
      "no-javascript.mjs",
      "const a = 1;\n\nconst b = = 2;\n",
      /no-javascript\.mjs cannot be loaded: Unexpected "=" \(line 3\)/,
    ],
    [
      "imports-it.js",
      'import "./no-javascript.mjs";\n',
      /imports-it\.js cannot be loaded: Unexpected "=" \(no-javascript\.mjs, line 3\)/,
    ],
    ["no-typescript.ts", "\nconst a: number = = 1;\n", /cannot be loaded: Unexpected "=" \(line 2\)/],
    [
      "exits-in-a-claim.mjs",
      own("() => process.exit(0)"),
      /the test of this claim called process\.exit\(0\): leave that call out/,
    ],
    [
      "answers-true.mjs",
      own("() => true"),
      /the test of this claim returned true, not \{ holds, observed \}/,
    ],
    ["throws.mjs", 'throw new Error("boom");\n', /throws\.mjs cannot be loaded: boom \(line 1\)/],
  ])("that breaks is no verdict: %s", (name, source, sentence) => {
    const { status, stdout, stderr } = run(name, source);
    expect(unfolded(stdout + stderr)).toMatch(sentence);
    expect(stderr).not.toMatch(/\n +at /);
    expect(status).toBe(2);
  });

  test("that leaves a timer and a listening socket open does not keep the command from ending", () => {
    const open = 'setInterval(() => {}, 1000);\n(await import("node:net")).createServer().listen(0);\n';
    const { status, stdout } = run("open.mjs", `${sound}${open}`);
    expect(stdout).toMatch(/1 variant: 1 confirmed/);
    expect(status).toBe(0);
  });
});

describe("serve", () => {
  test.each(["close-wait-leak/buggy", "close-wait-exhaustion/one-by-one", "restart-refused/fixed"])(
    "%s on a port in use says who has it, and what to do",
    async (server) => {
      const other = createServer();
      await new Promise<void>((done) => void other.listen(0, "127.0.0.1", done));
      const { port } = other.address() as AddressInfo;
      const child = spawn(process.execPath, [MAIN, "serve", server, "--port", String(port)]);
      const [said, code] = await outputOf(child);
      other.close();
      const held = `port ${port} is in use by .+ \\(pid ${process.pid}\\)`;
      expect(said).toMatch(
        new RegExp(
          `lastack: ${server} cannot listen on 127\\.0\\.0\\.1:${port}: ${held}\\. Choose another with --port\\.`,
        ),
      );
      expect(said).not.toMatch(/\n +at /);
      expect(said).not.toContain("Ctrl+C ends it");
      expect(code).toBe(69);
    },
  );

  test("prints the address that the words after -- name", async () => {
    const words = ["serve", "close-wait-leak/fixed", "--port", "1", "--", "--host", "::1", "--port=0"];
    const child = spawn(process.execPath, [MAIN, ...words]);
    child.stdout.once("data", () => child.kill("SIGTERM"));
    const [said, code] = await outputOf(child);
    expect(said).toMatch(/^close-wait-leak\/fixed on \[::1\]:[1-9]\d*, pid \d+\. Ctrl\+C ends it\.$/m);
    expect(code).toBe(0);
  });

  test("says that an address is not of this machine", () => {
    const ran = lastack(["serve", "close-wait-leak/fixed", "--", "--host", "192.0.2.7"]);
    expect(ran.stderr).toMatch(
      /192\.0\.2\.7 is no address of this machine \(EADDRNOTAVAIL\)\. Choose another with --host\./,
    );
    expect(ran.status).toBe(69);
  });
});

/** What a process prints on both streams, and its exit code. */
async function outputOf(child: ChildProcessWithoutNullStreams): Promise<[string, number | null]> {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((done) => void child.once("close", done));
  return [said, code];
}

test("an old Node.js is named by every command, with the sentence of preflight", () => {
  const script = `Object.defineProperty(process, "versions", { value: { node: "18.20.4" } });`;
  const node = ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
  const remedy = "install Node.js 20.19 or newer";
  for (const command of ["run", "list", "census", "claims", "compare"]) {
    const ran = lastack([command], { node });
    expect(ran.stderr, command).toBe(`lastack cannot run on Node.js 18.20.4. To fix this: ${remedy}.\n`);
    expect(ran.status).toBe(69);
  }
  expect(lastack(["preflight"], { node }).stdout).toContain(remedy);
});

test("a koffi that cannot be loaded is named by every command, with the remedy of preflight", () => {
  const hooks = `export async function resolve(name, context, next) {
    if (name === "koffi") throw new Error("no binary for this platform");
    return next(name, context);
  }`;
  const script = `import { register } from "node:module";
    register("data:text/javascript,${encodeURIComponent(hooks)}");`;
  const node = ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
  for (const command of ["run", "list", "census"]) {
    const ran = lastack([command], { node });
    expect(ran.stderr, command).toMatch(
      /^lastack cannot run here: koffi cannot be loaded: no binary for this platform\. To fix this: install /,
    );
    expect(ran.status).toBe(69);
  }
});

/** The first port that an ordinary user may listen on, ip-sysctl.rst. */
const firstPort = Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
const mayTryPort = firstPort > 80 && (WHO.includes("ordinary") || process.geteuid?.() !== 0);

test.skipIf(!mayTryPort)("serve says why an ordinary user gets no port below 1024", () => {
  const who = process.geteuid?.() === 0 ? "ordinary" : "own";
  for (const server of ["close-wait-leak/buggy", "linger-zero-reset/buggy"]) {
    const [executable, ...args] = asUser(who, [process.execPath, MAIN, "serve", server, "--port", "80"]);
    const ran = spawnSync(executable, args, { cwd: "/", encoding: "utf8" });
    expect(ran.stderr).toMatch(/lastack: this user may not listen on port 80: .* Choose another with --port/);
    expect(ran.stderr).not.toMatch(/\n +at /);
    expect(ran.status).toBe(69);
  }
});

describe("list", () => {
  test("is not wider than the terminal, and no line is lost", () => {
    const { stdout } = lastack(["list"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(stdout).toMatch(/^close-wait-leak +CLOSE-WAIT that never goes away\n +buggy, fixed\n/m);
  });

  test("prints the tags", () => {
    expect(lastack(["list", "--tags"]).stdout).toMatch(/^tour +5$/m);
  });
});

test("help COMMAND, COMMAND help and COMMAND --help are the same", () => {
  const { stdout } = lastack(["run", "--help"]);
  expect(stdout).toMatch(/^lastack run - /);
  expect(lastack(["help", "run"]).stdout).toBe(stdout);
  expect(lastack(["run", "help"]).stdout).toBe(stdout);
});

describe("runs", () => {
  test("a run says when the runs are over 1 GB; runs lists them, and --prune keeps the last", () => {
    const out = join(folder.path, "kept");
    const old = "2026-01-01T00-00-00Z";
    mkdirSync(join(out, old, "mine"), { recursive: true });
    const recording = join(out, old, "mine", "plain.ndjson");
    writeFileSync(recording, "");
    // A sparse file: it takes no space on the disk.
    truncateSync(recording, 1_400_000_000);
    for (const path of [recording, join(out, old, "mine"), join(out, old)]) utimesSync(path, 0, 0);

    const ran = lastack(["run", "handshake/refused", "--out", out]);
    expect(ran.stdout).toMatch(/1 variant: 1 confirmed/);
    expect(ran.stderr).toMatch(
      /^kept holds 2 runs, 1\.4 GB\. To keep only the last 1: lastack runs --out kept --prune 1$/m,
    );
    const listed = lastack(["runs", "--out", out]).stdout;
    expect(listed).toMatch(/^2026-01-01T00-00-00Z +1\.4 GB +1 +mine +-$/m);
    expect(listed).toMatch(/ +1 +handshake +1 confirmed$/m);
    expect(listed).toMatch(/^2 runs, 1\.4 GB in kept$/m);

    const pruned = lastack(["runs", "--out", out, "--prune", "1"]);
    expect(pruned.stdout).toMatch(/^Deleted: 1 run, 1\.4 GB\. Left in kept: 1 run, /);
    expect(pruned.status).toBe(0);
    expect(readdirSync(out)).toHaveLength(1);
    const { runs } = JSON.parse(lastack(["runs", "--out", out, "--json"]).stdout) as {
      runs: { outcome: unknown }[];
    };
    expect(runs).toMatchObject([{ outcome: { trials: { confirmed: 1 }, interrupted: false } }]);
    rmSync(out, { recursive: true });
  });
});
