import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SystemCallError } from "./libc.ts";
import {
  descriptorOf,
  getLinger,
  getOption,
  getTcpInfo,
  type NumberOption,
  setLinger,
  setOption,
} from "./sockopt.ts";

let server: Server;
let client: Socket;
let accepted: Socket;

beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  [accepted] = (await once(server, "connection")) as [Socket];
  if (client.connecting) await once(client, "connect");
});

afterAll(() => {
  client.destroy();
  accepted.destroy();
  server.close();
});

describe("an option", () => {
  const values: [NumberOption, number][] = [
    ["SO_KEEPALIVE", 1],
    ["TCP_NODELAY", 1],
    ["TCP_KEEPIDLE", 97],
    ["TCP_KEEPINTVL", 23],
    ["TCP_KEEPCNT", 7],
    ["TCP_USER_TIMEOUT", 4700],
  ];

  test.each(values)("%s is read back as it was set", (option, value) => {
    const fd = descriptorOf(client);
    expect(getOption(fd, option)).not.toBe(value);
    setOption(fd, option, value);
    expect(getOption(fd, option)).toBe(value);
  });

  test("that Node set is read back", () => {
    const fd = descriptorOf(accepted);
    accepted.setNoDelay(true);
    accepted.setKeepAlive(true, 41_000);
    expect(getOption(fd, "TCP_NODELAY")).toBe(1);
    expect(getOption(fd, "SO_KEEPALIVE")).toBe(1);
    expect(getOption(fd, "TCP_KEEPIDLE")).toBe(41);
  });

  test("out of its range is refused with the call, the errno and the value", () => {
    const fd = descriptorOf(client);
    expect(() => setOption(fd, "TCP_KEEPCNT", 1000)).toThrow(
      `setsockopt(TCP_KEEPCNT) failed with EINVAL: 1000 on descriptor ${fd}`,
    );
  });

  test("of a descriptor that is not a socket is refused", () => {
    expect(() => getOption(-1, "TCP_NODELAY")).toThrow("EBADF");
    expect(() => getTcpInfo(-1)).toThrow(SystemCallError);
  });
});

test("linger is off at first, and is read back as it was set", () => {
  const fd = descriptorOf(client);
  expect(getLinger(fd)).toBe("off");
  setLinger(fd, { seconds: 0 });
  expect(getLinger(fd)).toEqual({ seconds: 0 });
  setLinger(fd, "off");
  expect(getLinger(fd)).toBe("off");
});

test("TCP_INFO has the figures of the connection", async () => {
  const bytes = Buffer.alloc(997, 1);
  const arrived = once(accepted, "data");
  client.write(bytes);
  await arrived;
  expect(getTcpInfo(descriptorOf(accepted))).toMatchObject({ state: 1, bytesReceived: 997 });
  expect(getTcpInfo(descriptorOf(client)).rttUs).toBeGreaterThan(0);
});

test("a server has a descriptor, and a socket that is not connected has none", () => {
  expect(descriptorOf(server)).toBeGreaterThan(0);
  expect(() => descriptorOf(new Socket())).toThrow(TypeError);
});

test("with linger 0, closing resets the connection", async () => {
  const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [peer] = (await once(server, "connection")) as [Socket];
  if (other.connecting) await once(other, "connect");
  setLinger(descriptorOf(other), { seconds: 0 });
  const failed = once(peer, "error");
  other.destroy();
  const [error] = (await failed) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNRESET");
});
