import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { compiled } from "../../harness/lab/paths.ts";
import { asUser, type Who } from "./user.ts";

/** The file of the command line. */
export const MAIN = compiled("harness/cli/main.js");

/** How a run of a command ended, and what it printed. */
export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Place {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Options of Node.js. */
  node?: string[];
  who?: Who;
}

/** Runs lastack with these arguments to its end. */
export function lastack(args: string[], { node = [], who = "own", ...place }: Place): Ran {
  const [executable, ...rest] = asUser(who, [process.execPath, ...node, MAIN, ...args]);
  return spawnSync(executable, rest, { encoding: "utf8", maxBuffer: 1 << 28, ...place });
}

/** A command line that runs: what it has printed so far on each stream and on both, and its exit code when it has ended. */
export interface Talk {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  said: () => string;
  ended: Promise<number | null>;
}

/** Starts lastack with these arguments, for tests that react to its output. */
export function talk(args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Talk {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: "pipe", env });
  let [out, err, said] = ["", "", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    said += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { child, out: () => out, err: () => err, said: () => said, ended };
}
