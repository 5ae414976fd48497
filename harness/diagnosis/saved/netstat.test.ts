import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNetstat } from "./netstat.ts";
import { sectionsOf } from "./section.ts";
import type { Dump } from "./socket.ts";

// Lines of netstat of net-tools 2.10.

const ALL = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer
tcp        0      0 127.0.0.1:8080          0.0.0.0:*               LISTEN      0          89097541   29009/python3        off (0.00/0/0)
tcp        3      0 127.0.0.1:8080          127.0.0.1:40494         CLOSE_WAIT  1000       89097544   812/nginx: worker pr off (0.00/0/0)
tcp        0      0 127.0.0.1:40504         127.0.0.1:8080          TIME_WAIT   0          0          -                    timewait (58.42/0/0)
tcp        0     97 127.0.0.1:40514         127.0.0.1:8080          ESTABLISHED 0          89097547   29009/python3        probe (1.50/3/2)
tcp6       2      0 :::8081                 :::*                    LISTEN      0          89097542   29009/python3        off (0.00/0/0)
tcp6       0      0 ::1:8081                ::1:50868               ESTABLISHED 0          0          -                    keepalive (7198.42/0/0)
udp        0      0 127.0.0.1:53            0.0.0.0:*                           0          1          7/x                  off (0.00/0/0)
Active UNIX domain sockets (servers and established)
Proto RefCnt Flags       Type       State         I-Node   PID/Program name     Path
unix  2      [ ]         DGRAM                    12345    1/init               /run/x
`;

function dump(text: string): Dump {
  const sections = sectionsOf("netstat.txt", text, null);
  expect(sections.map(({ kind }) => kind)).toEqual(["netstat"]);
  return parseNetstat(sections[0]!);
}

test("netstat -neopa shows holders, inodes and timers of TCP; other sockets are passed over", () => {
  const { sockets, lacks, shows, oneHolder, unreadable } = dump(ALL);
  expect([[...lacks], shows, oneHolder, unreadable]).toEqual([
    ["info", "backlog"],
    { listeners: true, connections: true },
    true,
    [],
  ]);
  expect(sockets).toHaveLength(6);
  expect(sockets[1]).toMatchObject({
    state: 8,
    receiveQueue: 3,
    uid: 1000,
    inode: 89_097_544,
    holders: [{ pid: 812, name: "nginx: worker pr" }],
  });
  expect(sockets[2]).toMatchObject({ state: 6, timer: 3, timerMs: 58_420, inode: 0, holders: [] });
  expect(sockets[3]).toMatchObject({ sendQueue: 97, timer: 4, timerMs: 1500, retransmits: 3 });
  expect(sockets[4]?.local).toEqual({ address: "::", port: 8081 });
  expect(sockets[5]?.remote).toEqual({ address: "::1", port: 50_868 });
});

const ROW = "tcp 3 0 127.0.0.1:8080 127.0.0.1:40494 CLOSE_WAIT";
const HEAD = "Proto Recv-Q Send-Q Local Address Foreign Address State";

describe("poorer forms lack columns", () => {
  test.each([
    ["-tn", `${HEAD}\n${ROW}\n`, ["timer", "holder", "inode", "info", "backlog"]],
    ["-tn without its header", `${ROW}\n`, ["timer", "holder", "inode", "info", "backlog"]],
    ["-tnp", `${HEAD} PID/Program name\n${ROW} 29009/python3\n`, ["timer", "inode", "info", "backlog"]],
    ["-tno", `${HEAD} Timer\n${ROW} off (0.00/0/0)\n`, ["holder", "inode", "info", "backlog"]],
  ])("%s", (_, text, lacking) => {
    const { sockets, lacks, shows } = dump(`Active Internet connections (w/o servers)\n${text}`);
    expect(sockets).toHaveLength(1);
    expect([...lacks]).toEqual(lacking);
    expect(shows).toEqual({ listeners: false, connections: true });
  });
});

test("a line that cannot be read is quoted", () => {
  const { unreadable } = dump(
    `${HEAD}\n${ROW}\ntcp 0 0 localhost:http localhost:40494 ESTABLISHED\ntcp 0 0 192.0.2.7:5 192.0.2.7:6 NONSENSE\n`,
  );
  expect(unreadable.map(({ line, because }) => [line, because])).toEqual([
    [3, "localhost:http is not an address with a port in digits: use netstat -n"],
    [4, "NONSENSE is not a state of TCP"],
  ]);
});

test("any text is read without an error", () => {
  const section = (text: string) => ({
    file: "f",
    kind: "netstat" as const,
    command: null,
    taken: null,
    lines: text.split("\n").map((line, nth) => ({ number: nth + 1, text: line })),
  });
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseNetstat(section(text))));
  fc.assert(
    fc.property(
      fc.nat(ALL.length),
      fc.nat(90),
      fc.string(),
      (at, length, put) => void parseNetstat(section(ALL.slice(0, at) + put + ALL.slice(at + length))),
    ),
  );
});
