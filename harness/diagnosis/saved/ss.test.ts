import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sectionsOf } from "./section.ts";
import { commandNamed } from "./command.ts";
import type { Dump } from "./socket.ts";
import { parseSs } from "./ss.ts";

// Lines of ss 6.1, with the blanks that fill a column left out.

const FULL = `State      Recv-Q Send-Q      Local Address:Port        Peer Address:Port Process
LISTEN     0      5               127.0.0.1:8080             0.0.0.0:*     users:(("python3",pid=29009,fd=3)) ino:89097541 sk:104b9d7 cgroup:/ <->
\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0) bbr cwnd:10
CLOSE-WAIT 3      0               127.0.0.1:8080           127.0.0.1:40494 users:(("my server",pid=7,fd=6),("my server",pid=8,fd=6)) uid:1000 ino:89097544 sk:104b9d9 cgroup:/ -->
\t skmem:(r834,rb131072,t0) ts sack bbr wscale:10,10 rto:204 rtt:0.023/0.011 ato:40 mss:32768 pmtu:65535 cwnd:10 bytes_sent:7 bytes_acked:8 bytes_received:3 segs_out:2 data_segs_in:1 lastsnd:1433 lastrcv:1432 lastack:1431 retrans:0/2 minrtt:0.023
TIME-WAIT  0      0               127.0.0.1:40504          127.0.0.1:8080  timer:(timewait,58sec,0) ino:0 sk:104b9dc
\t 
ESTAB      0      0           [fe80::1%eth0]:40514          [fe80::2]:8080  users:(("python3",pid=29009,fd=9)) timer:(keepalive,119min,0) ino:89097547 sk:104b9dd cgroup:/ <->
\t skmem:(r0) cubic rto:204 cwnd:11
SYN-RECV   0      0    [::ffff:127.0.0.1]:8081  [::ffff:127.0.0.1]:58442  timer:(on,1.234ms,2) ino:0 sk:0
LISTEN     2      5                       *:8081                   *:*     users:(("python3",pid=29009,fd=4)) ino:89097542 sk:104b9df v6only:0 <->
`;

function dump(text: string, name = "text"): Dump {
  const [section] = sectionsOf(name, text, commandNamed(name));
  if (section === undefined) throw new Error("no section");
  expect(section.kind).toBe("ss");
  return parseSs(section);
}

describe("ss -tanoiemp", () => {
  const { sockets, lacks, shows, unreadable } = dump(FULL);

  test("has every column, and each socket", () => {
    expect([[...lacks], shows, unreadable]).toEqual([[], { listeners: true, connections: true }, []]);
    expect(sockets.map(({ line }) => line)).toEqual([2, 4, 6, 8, 10, 11]);
  });

  test("shows ends, queues, holders, user, inode and tcp_info", () => {
    expect(sockets[1]).toMatchObject({
      state: 8,
      local: { address: "127.0.0.1", port: 8080 },
      remote: { address: "127.0.0.1", port: 40_494 },
      receiveQueue: 3,
      timer: 0,
      uid: 1000,
      inode: 89_097_544,
      holders: [
        { pid: 7, name: "my server", descriptor: 6 },
        { pid: 8, name: "my server", descriptor: 6 },
      ],
      info: {
        rttUs: 23,
        rtoUs: 204_000,
        bytesSent: 7,
        bytesAcked: 8,
        bytesReceived: 3,
        lastDataSentMs: 1433,
        lastDataReceivedMs: 1432,
        totalRetransmits: 2,
        notSentBytes: 0,
      },
    });
  });

  test("shows timers in all forms of a time", () => {
    const timers = sockets.map(({ timer, timerMs, retransmits }) => [timer, timerMs, retransmits]);
    expect(timers).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [3, 58_000, 0],
      [2, 7_140_000, 0],
      [1, 1234, 2],
      [0, 0, 0],
    ]);
  });

  test("shows IPv6 with a scope, mapped IPv4 as the address on the wire, and all addresses", () => {
    expect(sockets.slice(3).map(({ local }) => local.address)).toEqual(["fe80::1%eth0", "127.0.0.1", "::"]);
  });

  test("a row that shows no bytes_sent has sent none, and on an old kernel nobody counted", () => {
    expect(sockets[3]?.info).toMatchObject({ bytesSent: 0, bytesReceived: 0 });
    const old = dump("ESTAB 0 0 192.0.2.1:80 192.0.2.2:40000\n\t cubic cwnd:10 bytes_acked:97\n");
    expect(old.sockets[0]?.info).toMatchObject({ bytesSent: null, bytesAcked: 97 });
  });
});

describe("poorer forms", () => {
  const plain = "LISTEN 0 5 127.0.0.1:8080 0.0.0.0:*\nESTAB 2 0 127.0.0.1:8080 127.0.0.1:40528\n";

  test.each([
    ["with a header", `State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n${plain}`],
    ["without one (-H)", plain],
    [
      "with the column Netid",
      `Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\nudp UNCONN 0 0 127.0.0.1:53 0.0.0.0:*\nu_str ESTAB 0 0 * 123 * 456\n${plain.replaceAll(/^/gm, "tcp ").replace(/tcp $/, "")}`,
    ],
    ["with carriage returns", plain.replaceAll("\n", "\r\n")],
  ])("%s", (_, text) => {
    const { sockets, lacks, unreadable } = dump(text);
    expect(sockets.map(({ state }) => state)).toEqual([10, 1]);
    expect([[...lacks], unreadable]).toEqual([["timer", "holder", "inode", "info"], []]);
  });

  test("-O has a row in one line", () => {
    const { sockets, lacks } = dump(
      "ESTAB 2 0 127.0.0.1:8080 127.0.0.1:40528 bbr rto:204 cwnd:10 bytes_received:2\n",
    );
    expect(sockets[0]?.info?.bytesReceived).toBe(2);
    expect(lacks.has("info")).toBe(false);
  });

  test("what the command asked for is there, although no row shows it", () => {
    expect([...dump(plain, "ss_-tanoiemp").lacks]).toEqual([]);
    expect([...dump(`$ ss -tanp\n${plain}`).lacks]).toEqual(["timer", "inode", "info"]);
    expect([...dump(`root@host:~# ss --tcp --all --numeric --options\n${plain}`).lacks]).toEqual([
      "holder",
      "inode",
      "info",
    ]);
  });

  test("listening sockets only, and connections only", () => {
    const [listening = "", connection = ""] = plain.split("\n");
    expect(dump(`${listening}\n`).shows).toEqual({ listeners: true, connections: false });
    expect(dump(`${connection}\n`).shows).toEqual({ listeners: false, connections: true });
    expect(dump(`+ ss -tan\n${connection}\n`).shows).toEqual({ listeners: true, connections: true });
  });

  test("ss before 4.1 shows holders in another form", () => {
    const { sockets } = dump('ESTAB 0 0 127.0.0.1:22 127.0.0.1:40528 users:(("sshd",1234,3))\n');
    expect(sockets[0]?.holders).toEqual([{ pid: 1234, name: "sshd", descriptor: 3 }]);
  });

  test("a line that cannot be read is quoted with its number and the reason", () => {
    const { sockets, unreadable } = dump(
      `${plain}ESTAB 0 0 web.example:https 192.0.2.1:40000\nESTAB 0 0 truncated\n`,
    );
    expect(sockets).toHaveLength(2);
    expect(unreadable).toEqual([
      {
        line: 3,
        text: "ESTAB 0 0 web.example:https 192.0.2.1:40000",
        because: "web.example:https is not an address with a port in digits: use ss -n",
      },
      { line: 4, text: "ESTAB 0 0 truncated", because: "it is not a row of ss" },
    ]);
  });
});

describe("any text", () => {
  const section = (text: string) => ({
    file: "f",
    kind: "ss" as const,
    command: null,
    taken: null,
    lines: text.split("\n").map((line, nth) => ({ number: nth + 1, text: line })),
  });

  test("is read without an error", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseSs(section(text))));
    const cut = fc.tuple(fc.nat(FULL.length), fc.nat(FULL.length), fc.string());
    fc.assert(
      fc.property(cut, ([from, length, put]) => {
        const { sockets, unreadable } = parseSs(
          section(FULL.slice(0, from) + put + FULL.slice(from + length)),
        );
        for (const { local, remote, state } of sockets) {
          expect(local.port >= 0 && local.port <= 65_535 && remote.port >= 0 && remote.port <= 65_535).toBe(
            true,
          );
          expect(state).toBeGreaterThan(0);
        }
        for (const { because } of unreadable) expect(because).not.toBe("");
      }),
    );
  });

  test("a row that was written is read again", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((one) => `[${one}]`),
    );
    const queue = fc.nat(4_294_967_295);
    fc.assert(
      fc.property(
        fc.record({
          state: fc.constantFrom("ESTAB", "CLOSE-WAIT", "LAST-ACK", "FIN-WAIT-1"),
          receive: queue,
          send: queue,
          here: port,
          there: port,
          from: address,
          to: address,
        }),
        (row) => {
          const text = `${row.state} ${row.receive} ${row.send} ${row.from}:${row.here} ${row.to}:${row.there}`;
          const { sockets, unreadable } = parseSs(section(text));
          expect(unreadable).toEqual([]);
          expect(sockets[0]).toMatchObject({
            receiveQueue: row.receive,
            sendQueue: row.send,
            local: { port: row.here },
            remote: { port: row.there },
          });
        },
      ),
    );
  });
});
