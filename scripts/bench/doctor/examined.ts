// Makes a namespace with many sockets, and processes with many descriptors, and runs lastack doctor on it. Prints one JSON document. It
// runs inside namespaces of its own: entryCommand().
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SockDiag } from "../../../harness/kernel/sockdiag/dump.ts";
import { ALL_STATES } from "../../../harness/kernel/sockdiag/state.ts";
import { compiled } from "../../../harness/lab/paths.ts";
import { makeTimeWait } from "../census/time-wait.ts";

export const programFile = fileURLToPath(import.meta.url);

/** What there was, and what the doctor needed. */
export interface Examined {
  sockets: number;
  processes: number;
  descriptors: number;
  looks: number;
  longestLookMs: number;
  megabytes: number;
}

/** Connections whose ends processes hold; the rest of the sockets are in TIME-WAIT. */
const KEPT = 2_000;
/** The descriptors of bash itself. */
const OWN = 4;
const READY_WITHIN_MS = 60_000;
const MADE_WITHIN_S = 40;

async function main(sockets: number, processes: number, descriptors: number): Promise<Examined> {
  await makeTimeWait(sockets - 2 * KEPT - 1, MADE_WITHIN_S);
  // Without the descriptors of both ends of the connections.
  const each = Math.max(0, Math.round((descriptors - 2 * KEPT) / processes) - OWN);
  start(
    "bash",
    "-c",
    `for ((n = 0; n < ${processes - 2}; n++)); do bash -c 'for ((i = 0; i < ${each}; i++)); do exec {fd}</dev/null; done; exec sleep 600' & done; wait`,
  );
  start(process.execPath, compiled("servers/close-wait-leak/fixed.js"), "--port", "8080");
  const diag = new SockDiag();
  const count = (ports?: number[]): number =>
    diag.sockets({ states: ALL_STATES, ...(ports && { ports }) }).length;
  await until(() => count([8080]) === 1);
  const kept = [
    "--attempts",
    `${KEPT}`,
    "--concurrency",
    `${KEPT}`,
    "--hold-ms",
    "600000",
    "--within-ms",
    "3600000",
  ];
  start(process.execPath, compiled("clients/long-tcp.js"), "--to", "127.0.0.1:8080", ...kept);
  await until(() => count([8080]) === 2 * KEPT + 1);
  await until(() => open() >= descriptors * 0.95);
  const made = { sockets: count(), processes: pids().length, descriptors: open() };
  const { stdout } = spawnSync(process.execPath, ["-e", MEASURED, compiled("harness/cli/main.js")], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { looks, longestLookMs, kilobytes } = JSON.parse(stdout) as Record<string, number>;
  return {
    ...made,
    looks: looks ?? 0,
    longestLookMs: longestLookMs ?? NaN,
    megabytes: (kilobytes ?? NaN) / 1024,
  };
}

/** Runs the doctor as the only child, so that getrusage(RUSAGE_CHILDREN) is about it; Node has only its own, so VmHWM is polled. */
const MEASURED = `
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const child = spawn(process.execPath, [process.argv[1], "doctor", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
let [text, kilobytes] = ["", 0];
const timer = setInterval(() => {
  try {
    kilobytes = Number(/^VmHWM:\\s+(\\d+)/m.exec(readFileSync("/proc/" + child.pid + "/status", "latin1"))[1]);
  } catch {}
}, 20);
child.stdout.setEncoding("utf8").on("data", (piece) => (text += piece));
child.on("close", () => {
  clearInterval(timer);
  const { looks, longestLookMs } = JSON.parse(text);
  console.log(JSON.stringify({ looks, longestLookMs, kilobytes }));
});
`;

function start(executable: string, ...args: string[]): void {
  spawn(executable, args, { stdio: "ignore" });
}

function pids(): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

/** All open descriptors. */
function open(): number {
  return pids().reduce((sum, pid) => {
    try {
      return sum + readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      return sum;
    }
  }, 0);
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + READY_WITHIN_MS;
  while (!holds()) {
    if (performance.now() > endMs)
      throw new Error("the sockets or descriptors were not made in time: the machine is busy");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

if (process.argv[1] === programFile) {
  const [sockets = 0, processes = 0, descriptors = 0] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await main(sockets, processes, descriptors)));
  process.exit(0);
}
