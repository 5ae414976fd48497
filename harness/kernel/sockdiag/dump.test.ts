import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptorOf } from "../sockopt.ts";
import { SockDiag } from "./dump.ts";
import { portFilter } from "./filter.ts";
import type { DiagSocket } from "./row.ts";
import { ALL_STATES, stateMask } from "./state.ts";

// A dual-stack listener with one connection over IPv4 and one over IPv6, on this machine's loopback.

let server: Server;
let port: number;
const clients: Socket[] = [];
const peers: Socket[] = [];
const diag = new SockDiag();

beforeAll(async () => {
  server = createServer().listen(0, "::");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  for (const host of ["127.0.0.1", "::1"]) {
    const client = connect(port, host);
    const [peer] = (await once(server, "connection")) as [Socket];
    if (client.connecting) await once(client, "connect");
    clients.push(client);
    peers.push(peer);
  }
});

afterAll(() => {
  for (const socket of [...clients, ...peers]) socket.destroy();
  server.close();
  diag.close();
});

/** A dump of that port without the sockets of other programs: others on this machine can use an ephemeral port, too. */
function dump(states = ALL_STATES, tcpInfo = false): DiagSocket[] {
  const own = new Set(clients.map(({ localPort }) => localPort));
  const all = diag.sockets({ states, ports: [port], tcpInfo });
  for (const { localPort, remotePort } of all) expect([localPort, remotePort]).toContain(port);
  return all.filter(
    ({ localPort, remotePort, state }) => state === "LISTEN" || own.has(localPort) || own.has(remotePort),
  );
}

describe("a dump", () => {
  test("filtered by port shows both ends of both connections, and the listener first", () => {
    const sockets = dump();
    expect(sockets.map(({ state }) => state)).toEqual(["LISTEN", ...Array<string>(4).fill("ESTABLISHED")]);
    expect(sockets[0]).toMatchObject({ localAddress: "::", localPort: port, sendQueue: 511 });
    expect(ends(sockets)).toEqual(
      [
        `127.0.0.1:${clients[0]!.localPort} > 127.0.0.1:${port}`,
        `127.0.0.1:${port} > 127.0.0.1:${clients[0]!.localPort}`,
        `::1:${clients[1]!.localPort} > ::1:${port}`,
        `::1:${port} > ::1:${clients[1]!.localPort}`,
      ].toSorted(),
    );
  });

  test("is filtered by the kernel among many ports", () => {
    const others = Array.from({ length: 499 }, (_, i) => i + 1);
    const one = clients[1]!.localPort!;
    const both = diag.sockets({ states: ALL_STATES, ports: [...others, one] });
    expect(ends(both).filter((text) => text.includes("::1") && text.includes(`:${port}`))).toHaveLength(2);
    expect(
      both.every((socket) => [socket.localPort, socket.remotePort].some((p) => p < 500 || p === one)),
    ).toBe(true);
  });

  test("shows only the requested states", () => {
    const listening = dump(stateMask(["LISTEN"]));
    expect(listening.map(({ state }) => state)).toEqual(["LISTEN"]);
    const others = dump(ALL_STATES & ~stateMask(["LISTEN"]));
    expect(others.map(({ state }) => state)).toEqual(Array(4).fill("ESTABLISHED"));
  });

  test("includes states of later kernels, but no sockets that are only bound", () => {
    // TCPF_CLOSE and TCPF_BOUND_INACTIVE of include/net/tcp_states.h.
    expect(ALL_STATES).toBe(0xffff_ffff - (1 << 7) - (1 << 13));
    expect(dump().map(({ state }) => state)).not.toContain("CLOSED");
  });

  test("shows the socket's inode as in /proc, and the user who made it", () => {
    const inode = Number(
      readFileSync(`/proc/self/fdinfo/${descriptorOf(server)}`, "utf8").match(/ino:\t(\d+)/)?.[1],
    );
    const [listener] = dump(stateMask(["LISTEN"]));
    expect(listener).toMatchObject({ inode, uid: process.getuid?.() });
  });

  test("counts bytes that were not read yet, and has struct tcp_info on request", async () => {
    const [peer] = peers;
    peer!.pause();
    clients[0]!.write(Buffer.alloc(97));
    const unread = (): number[] =>
      dump(ALL_STATES, true)
        .filter(({ localPort, remotePort }) => localPort === port && remotePort === clients[0]!.localPort)
        .map(({ receiveQueue, tcpInfo }) => Math.min(receiveQueue, tcpInfo?.bytesReceived ?? 0));
    await expect.poll(unread).toEqual([97]);
    const [plain] = dump();
    expect(plain!.tcpInfo).toBeNull();
  });
});

describe("a dump that fails", () => {
  test("because of an invalid port sends no request, and another dump can follow", () => {
    expect(() => diag.sockets({ states: ALL_STATES, ports: [70_000] })).toThrow(RangeError);
    expect(dump()).toHaveLength(5);
  });

  test("because the visitor throws closes the socket, so no later dump can read the rest", () => {
    const other = new SockDiag();
    const visit = (): never => {
      throw new Error("the visitor's own");
    };
    expect(() => other.each({ states: ALL_STATES, ports: [port] }, visit)).toThrow("the visitor's own");
    expect(() => other.sockets({ states: ALL_STATES })).toThrow("closed");
    other.close();
  });
});

test("the kernel accepts a filter program of the greatest length", () => {
  const ports = Array.from({ length: 1000 }, (_, i) => i + 1);
  expect(portFilter(ports)).toHaveLength(1000 * 32 - 4);
  expect(() => diag.sockets({ states: ALL_STATES, ports })).not.toThrow();
});

function ends(
  sockets: { localAddress: string; localPort: number; remoteAddress: string; remotePort: number }[],
) {
  return sockets
    .filter(({ remotePort }) => remotePort !== 0)
    .map((s) => `${s.localAddress}:${s.localPort} > ${s.remoteAddress}:${s.remotePort}`)
    .toSorted();
}
