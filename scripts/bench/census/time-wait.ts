import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { socketAddress } from "../../../harness/kernel/address.ts";
import { changeLinks } from "../../../harness/kernel/rtnetlink/change.ts";
import { setLink } from "../../../harness/kernel/rtnetlink/link.ts";
import { bind, close, connect, EINPROGRESS, socket } from "../../../harness/kernel/socket.ts";

/** As of a server with several ports: sockets that are alike but for their addresses are counted as one group a port. */
const PORTS = Array.from({ length: 8 }, (_, i) => 7001 + i);
/** Fewer than this, and another process costs more than it saves. */
const SHARE_LEAST = 50_000;
const path = fileURLToPath(import.meta.url);

/**
 * Makes so many TIME-WAIT sockets on the loopback of this network namespace, which has to be one of our own. They last 60 seconds each
 * (TCP_TIMEWAIT_LEN, include/net/tcp.h). Each is a socket that connects to itself and is closed (RFC 9293, 3.5 and 3.6: both SYNs and
 * both FINs cross), at an address and port that are nobody else's: half the calls of a pair, and no search for a free port. About 30 us
 * each, which a process a core share. Throws when it takes longer than the seconds that it may.
 */
export async function makeTimeWait(count: number, withinS: number): Promise<void> {
  writeFileSync("/proc/sys/net/ipv4/tcp_max_tw_buckets", `${2 * count}`);
  changeLinks([setLink("lo", "up")]);
  const makers = Math.min(availableParallelism(), Math.ceil(count / SHARE_LEAST));
  const ends = Array.from({ length: makers }, (_, nth) => Math.round((count * (nth + 1)) / makers));
  await Promise.all(ends.map((to, nth) => makeShare(ends[nth - 1] ?? 0, to, withinS)));
}

async function makeShare(from: number, to: number, withinS: number): Promise<void> {
  const args = ["--import", "tsx", path, `${from}`, `${to}`];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: withinS * 1000,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code === null) throw new Error(`they last 60 s, and were not made in ${withinS}: the machine is busy`);
  if (code !== 0) throw new Error(`sockets ${from} to ${to} could not be made: exit code ${code}`);
}

function makeOne(nth: number): void {
  const host = 1 + Math.floor(nth / PORTS.length);
  const address = socketAddress(
    `127.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`,
    PORTS[nth % PORTS.length]!,
  );
  const fd = must(socket(address.family), "socket");
  must(bind(fd, address), "bind");
  const connected = connect(fd, address);
  // On loopback the handshake is over when the call returns, though a non-blocking one does not say so.
  if (connected !== EINPROGRESS) must(connected, "connect");
  close(fd);
}

/** These calls answer minus the errno. */
function must(result: number, call: string): number {
  if (result < 0) throw new Error(`${call} failed with errno ${-result}`);
  return result;
}

if (process.argv[1] === path) {
  const [from = 0, to = 0] = process.argv.slice(2).map(Number);
  for (let nth = from; nth < to; nth += 1) makeOne(nth);
}
