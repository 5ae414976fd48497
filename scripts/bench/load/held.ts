import { readFileSync } from "node:fs";
import { compiled } from "../../../harness/lab/paths.ts";
import { PORT } from "./nginx.ts";
import type { Conditions } from "./quiet.ts";
import { readOurs, type Told } from "./told.ts";
import type { Verdict } from "./table.ts";
import { counterOf, type Generator, takeTurn } from "./turn.ts";

const CONNECTIONS = 10_000;
const BAR_MB = 200;
const SECONDS = 4;
const RATE = 5000;

/** The peak memory of a process in megabytes, from the text of /proc/PID/status (VmHWM, proc_pid_status(5)); 0: not in the text. */
export function mostMemoryMb(status: string): number {
  return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}

/** Opens 10,000 connections to nginx and keeps them all, with a request on each from time to time. Measures the client's memory. */
export async function measureHeld({ cores, folder }: Conditions): Promise<Verdict[]> {
  let [memoryMb, held] = [0, 0];
  const generator: Generator<Told> = {
    name: "held",
    command: (seconds) => [
      ...[process.execPath, compiled("clients/long-http.js"), "--to", `127.0.0.1:${PORT}`],
      ...["--concurrency", `${CONNECTIONS}`, "--rate", `${RATE}`, "--open", "--report", "histograms"],
      ...["--duration-ms", `${seconds * 1000}`],
    ],
    read: readOurs,
    watch: (pid, namespace) => {
      memoryMb = Math.max(memoryMb, mostMemoryMb(statusOf(pid)));
      // Both ends of each connection are in this namespace.
      held = Math.max(held, counterOf("TcpCurrEstab", namespace) / 2);
    },
  };
  const { told } = await takeTurn(generator, SECONDS, cores, folder);
  if (told.failures > 0) throw new Error(`${told.failures} failures with ${CONNECTIONS} connections`);
  if (held < CONNECTIONS) throw new Error(`at most ${held} connections were open at once`);
  const met = memoryMb < BAR_MB;
  const text = `bar ${CONNECTIONS} connections held at once in less than ${BAR_MB} MB: ${memoryMb.toFixed(0)} MB, ${met ? "met" : "missed"}`;
  return [{ met, text }];
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return "";
  }
}
