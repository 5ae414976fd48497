import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { AF_INET, socketAddress } from "./address.ts";
import { Epoll, epollEventLayout, EPOLLET, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "./epoll.ts";
import { close, connect, EINPROGRESS, send, shutdown, socket, socketError } from "./socket.ts";

test("struct epoll_event is packed on x64 and nowhere else", () => {
  expect(epollEventLayout("x64")).toEqual({ bytes: 12, dataOffset: 4 });
  expect(epollEventLayout("arm64")).toEqual({ bytes: 16, dataOffset: 8 });
  expect(epollEventLayout("riscv64")).toEqual({ bytes: 16, dataOffset: 8 });
  expect(epollEventLayout("ia32")).toEqual({ bytes: 12, dataOffset: 4 });
});

test("an instance that watches nothing waits for its timeout and returns no event", () => {
  const epoll = new Epoll(4);
  const began = performance.now();
  expect(epoll.wait(20)).toBe(0);
  expect(performance.now() - began).toBeGreaterThan(15);
  epoll.close();
});

test("an event has the descriptor that it is about, and an edge is reported once", async () => {
  const server = createServer({ allowHalfOpen: false }, (peer) => peer.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = socketAddress("127.0.0.1", (server.address() as AddressInfo).port);
  const epoll = new Epoll(8);
  const fds = [socket(AF_INET), socket(AF_INET), socket(AF_INET)];
  for (const fd of fds) {
    expect(connect(fd, address)).toBe(EINPROGRESS);
    epoll.add(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
  }
  const told = collect(epoll, fds.length);
  expect(new Set(told.keys())).toEqual(new Set(fds));
  for (const fd of fds) {
    expect(told.get(fd)).toBe(EPOLLOUT);
    expect(socketError(fd)).toBe(0);
  }
  expect(epoll.wait(0)).toBe(0);

  const [first = -1, second = -1] = fds;
  epoll.modify(first, EPOLLOUT | EPOLLET);
  expect(collect(epoll, 1).get(first)).toBe(EPOLLOUT);

  // The server answers the client's FIN with its own in a later turn of Node's event loop.
  expect(send(second, Buffer.from("x"))).toBe(1);
  expect(shutdown(second, "write")).toBe(0);
  await expect.poll(() => (collect(epoll, 1).get(second) ?? 0) & EPOLLRDHUP).toBe(EPOLLRDHUP);

  for (const fd of fds) expect(close(fd)).toBe(0);
  epoll.close();
  await new Promise((resolve) => server.close(resolve));
});

test("an invalid descriptor is an error that names the call and the errno", () => {
  const epoll = new Epoll(1);
  expect(() => epoll.add(-1, EPOLLIN)).toThrow(/epoll_ctl\(EPOLL_CTL_ADD\) failed with EBADF: .*-1/);
  epoll.close();
});

/** Collects events by descriptor, until `descriptors` of them had one. */
function collect(epoll: Epoll, descriptors: number): Map<number, number> {
  const told = new Map<number, number>();
  for (let wait = 0; wait < 10 && told.size < descriptors; wait++) {
    const count = epoll.wait(10);
    for (let index = 0; index < count; index++) told.set(epoll.fdAt(index), epoll.eventsAt(index));
  }
  return told;
}
