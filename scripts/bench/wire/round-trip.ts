import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { inside } from "../../../harness/kernel/namespace.ts";
import { stretch } from "./stretch.ts";

const path = fileURLToPath(import.meta.url);
const ROUNDS = 3_000;
const WARM_UP = 500;

/** Round trips of one byte between two processes, in turns over the wire and over a direct link. */
export async function roundTripsUs(): Promise<{ wire: number[]; direct: number[] }> {
  const { world, finish } = await stretch(0, [{ kind: "direct", between: ["client", "server"] }]);
  const { client, server } = Object.fromEntries(world.hosts);
  const run = (host: typeof client, role: string): ReturnType<typeof spawn> =>
    inside(host!.namespace, () =>
      spawn(process.execPath, ["--import", "tsx", path, role], { stdio: ["ignore", "pipe", "inherit"] }),
    );
  const echo = run(server, "echo");
  await once(echo.stdout!, "data");
  const pinger = run(client, "ping");
  let said = "";
  pinger.stdout!.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(pinger, "close");
  echo.kill();
  await finish();
  return JSON.parse(said) as { wire: number[]; direct: number[] };
}

function echo(): void {
  const server = createServer({ noDelay: true }, (socket) => socket.pipe(socket));
  server.listen(8080, "0.0.0.0", () => process.stdout.write("ready\n"));
}

async function ping(): Promise<void> {
  const [wire, direct] = await Promise.all([open("192.0.2.2"), open("198.51.100.2")]);
  const trips = { wire: [] as number[], direct: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const both = { wire: await tripUs(wire), direct: await tripUs(direct) };
    if (round < WARM_UP) continue;
    trips.wire.push(both.wire);
    trips.direct.push(both.direct);
  }
  process.stdout.write(JSON.stringify(trips));
  wire.destroy();
  direct.destroy();
}

async function open(host: string): Promise<Socket> {
  const socket = connect({ host, port: 8080, noDelay: true });
  await once(socket, "connect");
  return socket;
}

async function tripUs(socket: Socket): Promise<number> {
  const beganMs = performance.now();
  socket.write("x");
  await once(socket, "data");
  return (performance.now() - beganMs) * 1000;
}

if (process.argv[1] === path) {
  if (process.argv[2] === "echo") echo();
  else await ping();
}
