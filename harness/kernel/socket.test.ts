import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { constants } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AF_INET, AF_INET6, socketAddress } from "./address.ts";
import * as sockets from "./socket.ts";

let server: Server;
let port: number;
let accepted: Socket[];

beforeEach(async () => {
  accepted = [];
  server = createServer((peer) => accepted.push(peer));
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  for (const peer of accepted) peer.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Opens a raw connection to the server. Returns its descriptor and the server's end. */
async function connected(address: string): Promise<{ fd: number; peer: Socket }> {
  const target = socketAddress(address, port);
  const fd = sockets.socket(target.family);
  expect(sockets.connect(fd, target)).toBe(sockets.EINPROGRESS);
  await expect.poll(() => accepted.length).toBe(1);
  expect(sockets.socketError(fd)).toBe(0);
  const [peer] = accepted;
  if (peer === undefined) throw new Error("nothing was accepted");
  peer.on("error", () => {});
  return { fd, peer };
}

test.each(["127.0.0.1", "::1"])(
  "bytes go both ways over %s, and the peer's FIN reads as 0",
  async (address) => {
    const { fd, peer } = await connected(address);
    expect(sockets.localPort(fd)).toBe(peer.remotePort);
    const buffer = Buffer.alloc(64);
    expect(sockets.recv(fd, buffer)).toBe(sockets.EAGAIN);
    expect(sockets.send(fd, Buffer.from("attempt 1\n"))).toBe(10);
    const heard = await new Promise<Buffer>((resolve) => peer.once("data", resolve));
    expect(heard.toString()).toBe("attempt 1\n");
    peer.end("answer\n");
    await expect.poll(() => sockets.recv(fd, buffer)).toBe(7);
    expect(buffer.toString("latin1", 0, 7)).toBe("answer\n");
    await expect.poll(() => sockets.recv(fd, buffer)).toBe(0);
    expect(sockets.shutdown(fd, "write")).toBe(0);
    expect(sockets.close(fd)).toBe(0);
    expect(sockets.close(fd)).toBe(-constants.errno.EBADF);
  },
);

test("linger zero makes close() a reset", async () => {
  const { fd, peer } = await connected("127.0.0.1");
  const error = new Promise<NodeJS.ErrnoException>((resolve) => peer.once("error", resolve));
  peer.resume();
  sockets.lingerZero(fd);
  sockets.close(fd);
  expect((await error).code).toBe("ECONNRESET");
});

test("after the peer's reset, recv returns -ECONNRESET", async () => {
  const { fd, peer } = await connected("127.0.0.1");
  peer.resetAndDestroy();
  const buffer = Buffer.alloc(8);
  await expect.poll(() => sockets.recv(fd, buffer)).toBe(-constants.errno.ECONNRESET);
  expect(sockets.send(fd, buffer)).toBe(-constants.errno.EPIPE);
  sockets.close(fd);
});

test("a connection to a port without a listener is refused, and SO_ERROR reports it once", async () => {
  const fd = sockets.socket(AF_INET);
  const other = sockets.socket(AF_INET);
  expect(sockets.bind(other, socketAddress("127.0.0.1", 0))).toBe(0);
  expect(sockets.connect(fd, socketAddress("127.0.0.1", sockets.localPort(other)))).toBe(sockets.EINPROGRESS);
  await expect.poll(() => sockets.socketError(fd)).toBe(-constants.errno.ECONNREFUSED);
  expect(sockets.socketError(fd)).toBe(0);
  sockets.close(fd);
  sockets.close(other);
});

test("a call that fails at once returns minus the errno", () => {
  const fd = sockets.socket(AF_INET6);
  expect(sockets.bind(fd, socketAddress("2001:db8::1", 0))).toBe(-constants.errno.EADDRNOTAVAIL);
  expect(sockets.shutdown(fd, "both")).toBe(-constants.errno.ENOTCONN);
  expect(sockets.localPort(fd)).toBe(0);
  sockets.close(fd);
  expect(() => sockets.localPort(fd)).toThrow(/getsockname failed with EBADF/);
});
