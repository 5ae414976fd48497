import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { socketAddress } from "../../../harness/kernel/address.ts";
import { changeLinks } from "../../../harness/kernel/rtnetlink/change.ts";
import { setLink } from "../../../harness/kernel/rtnetlink/link.ts";
import { bind, close, connect, EINPROGRESS, socket } from "../../../harness/kernel/socket.ts";

/** Ports as of a server with several ports. Sockets that differ only in their addresses are counted as one group for each port. */
const PORTS = Array.from({ length: 8 }, (_, i) => 7001 + i);
/** With fewer sockets than this, another process costs more time than it saves. */
const SHARE_LEAST = 50_000;
const path = fileURLToPath(import.meta.url);

/**
 * Makes `count` TIME-WAIT sockets on the loopback of this network namespace, which must not be the machine's. Each lasts 60 seconds
 * (TCP_TIMEWAIT_LEN, include/net/tcp.h). Each is a socket that connects to itself and is closed (RFC 9293, 3.5 and 3.6: both SYNs and
 * both FINs cross). It has its own address and port, so it needs half the calls of a pair, and no search for a free port. A socket takes
 * about 30 us; one process for each core makes its share. Throws when it takes longer than `withinS` seconds.
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
  if (code === null)
    throw new Error(`the sockets were not made in ${withinS} s, and last only 60 s: the machine is busy`);
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
  // On loopback the handshake is over when the call returns, although a non-blocking call returns EINPROGRESS.
  if (connected !== EINPROGRESS) must(connected, "connect");
  close(fd);
}

/** Throws when a call failed: these calls return minus the errno. */
function must(result: number, call: string): number {
  if (result < 0) throw new Error(`${call} failed with errno ${-result}`);
  return result;
}

if (process.argv[1] === path) {
  const [from = 0, to = 0] = process.argv.slice(2).map(Number);
  for (let nth = from; nth < to; nth += 1) makeOne(nth);
}
