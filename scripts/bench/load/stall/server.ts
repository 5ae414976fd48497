// An HTTP server that stalls by a schedule: during a stall it holds all answers until its end. Otherwise it answers at once. It prints
// `ready PORT` when it listens.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answeredUs, SCHEDULE } from "./schedule.ts";

/** A timer can be two milliseconds late, so the last milliseconds are waited for with setImmediate. */
const EARLY_MS = 3;
const held: ServerResponse[] = [];

/** CLOCK_MONOTONIC (uv_hrtime). */
function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

function answer(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 6 });
  response.end("hello\n");
}

function releaseAt(atUs: number): void {
  const leftMs = (atUs - nowUs()) / 1000;
  if (leftMs > EARLY_MS) setTimeout(releaseAt, leftMs - EARLY_MS, atUs);
  else if (leftMs > 0) setImmediate(releaseAt, atUs);
  else for (const response of held.splice(0)) answer(response);
}

const server = createServer({ keepAliveTimeout: 75_000, noDelay: true }, (request, response) => {
  request.resume();
  const arrivedUs = nowUs();
  const atUs = answeredUs(SCHEDULE, arrivedUs);
  if (atUs === arrivedUs) return answer(response);
  held.push(response);
  if (held.length === 1) releaseAt(atUs);
});
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
