import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inside } from "../../../harness/kernel/namespace.ts";
import { PacketSocket } from "../../../harness/kernel/packet.ts";
import { stretch, unansweredFrame } from "./stretch.ts";

const path = fileURLToPath(import.meta.url);
const FLOOD_MS = 3_500;
/** Clock ticks a second of /proc/PID/stat (sysconf(_SC_CLK_TCK)), 100 on every Linux that Node runs on. */
const TICKS = 100;

interface Passed {
  name: string;
  perSecond: number;
  cpuPercent: number;
}

/** The packets that pass a second, first while the wire reports every segment to the trial, and then while it only counts them. */
export async function packetsPerSecond(): Promise<Passed[]> {
  const { world, pid, finish } = await stretch(0);
  const { client, server } = Object.fromEntries(world.hosts);
  const flood = inside(client!.namespace, () =>
    spawn(process.execPath, ["--import", "tsx", path, "flood"], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  const look = (): { packets: number; ticks: number; atMs: number } => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const devices = inside(server!.namespace, () => readFileSync("/proc/thread-self/net/dev", "latin1"));
    const packets = Number(/link0:\s*\d+\s+(\d+)/.exec(devices)?.[1]);
    return { packets, ticks: Number(fields[11]) + Number(fields[12]), atMs: performance.now() };
  };
  await once(flood.stdout, "data");
  const passed: Passed[] = [];
  for (const [name, ms] of [
    ["packets, each reported", 600],
    ["packets, counted", 2_000],
  ] as const) {
    const before = look();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const after = look();
    const seconds = (after.atMs - before.atMs) / 1000;
    const cpuPercent = ((after.ticks - before.ticks) / TICKS / seconds) * 100;
    passed.push({ name, perSecond: (after.packets - before.packets) / seconds, cpuPercent });
  }
  await once(flood, "exit");
  const { frames, lostFrames, untoldSegments } = await finish();
  console.log(
    `  the flood: ${frames} frames arrived, ${lostFrames} were lost for lack of room, ${frames - untoldSegments} were reported`,
  );
  return passed;
}

/** Sends as fast as possible until its time is over. */
function flood(): void {
  const socket = new PacketSocket("link0", 32);
  const frame = unansweredFrame();
  const until = performance.now() + FLOOD_MS;
  process.stdout.write("begun\n");
  while (performance.now() < until) for (let n = 0; n < 64; n += 1) socket.send(frame, frame.length);
  socket.close();
}

if (process.argv[1] === path && process.argv[2] === "flood") flood();
