import { describe, expect, test } from "vitest";
import { readEvidence, type SavedFile } from "./evidence.ts";

const file = (name: string, text: string, writtenMs: number | null = null): SavedFile => ({
  name,
  text,
  writtenMs,
});
const plain = "LISTEN 0 5 127.0.0.1:8080 0.0.0.0:*\nESTAB 2 0 127.0.0.1:8080 127.0.0.1:40528\n";
const aged = (ms: number): string =>
  `${plain.trimEnd()} ino:7\n\t cubic cwnd:10 bytes_received:2 lastsnd:${ms} lastrcv:${ms}\n`;
const times = (files: SavedFile[], intervalS: number | null = null): [number[], string | null] => {
  const { looks, timeBy } = readEvidence(files, intervalS);
  return [looks.map(({ atMs }) => atMs), timeBy];
};

describe("the time from look to look is known", () => {
  test("from --interval before all else", () => {
    expect(times([file("a", aged(97)), file("b", aged(3097)), file("c", aged(6097))], 5)).toEqual([
      [0, 5000, 10_000],
      "--interval",
    ]);
  });

  test("from the dates before the looks; of whole seconds at least so much", () => {
    const dated = (first: string, second: string): SavedFile[] => [
      file("a", `${first}\n${plain}${second}\n${plain}`),
    ];
    const by = "the dates in the text";
    expect(times(dated("2026-11-30T19:05:29.250", "2026-11-30T19:05:33.500"))).toEqual([[0, 4250], by]);
    expect(times(dated("Mon Nov 30 19:05:29 UTC 2026", "Mon Nov 30 19:05:33 UTC 2026"))).toEqual([
      [0, 3000],
      by,
    ]);
    // The ages are more exact than that.
    const [first, second] = [aged(97), aged(3647)];
    expect(times([file("a", `2026-11-30T19:05:29Z\n${first}2026-11-30T19:05:33Z\n${second}`)])[0]).toEqual([
      0, 3550,
    ]);
  });

  test("from the ages of connections over which nothing has gone", () => {
    expect(times([file("a", aged(97), 5000), file("b", aged(3147), 5001)])).toEqual([
      [0, 3050],
      "the ages of the connections",
    ]);
    const waits = (left: string): string =>
      `${plain}TIME-WAIT 0 0 127.0.0.1:40504 127.0.0.1:8080 timer:(timewait,${left},0)\n`;
    // ss rounds: at least so much.
    expect(times([file("a", waits("58sec")), file("b", waits("54sec"))])).toEqual([
      [0, 3000],
      "the ages of the connections",
    ]);
  });

  test("from the times of the files, where they are apart", () => {
    expect(times([file("a", plain, 5000), file("b", plain, 8000)])).toEqual([
      [0, 3000],
      "the times of the files",
    ]);
  });

  test("or not at all: then there is one look, the last", () => {
    const files = [file("a", plain, 5000), file("b", plain, 5001)];
    expect(times(files)).toEqual([[0], null]);
    expect(readEvidence(files, null).unused).toEqual([
      [
        "the first 1 of 2 texts of ",
        { words: "ss", file: "a" },
        ": the time between them is not known, --interval says it",
      ],
    ]);
  });
});

describe("of several texts", () => {
  test("the one that shows the most is used, and the others are named", () => {
    const { looks, unused, lacks } = readEvidence(
      [
        file(
          "netstat",
          "tcp 0 0 127.0.0.1:8080 0.0.0.0:* LISTEN\ntcp 2 0 127.0.0.1:8080 127.0.0.1:40528 ESTABLISHED\n",
        ),
        file("ss", aged(97)),
      ],
      null,
    );
    expect(looks.map(({ source }) => source)).toEqual(["ss"]);
    expect(unused).toEqual([
      [{ words: "netstat", file: "netstat" }, ": ", { words: "ss", file: "ss" }, " shows more"],
    ]);
    expect([...lacks]).toEqual(["timer", "holder"]);
  });

  test("a timer that runs in one look shows that timers were asked for in both", () => {
    const timer = plain.replace("40528", "40528 timer:(keepalive,119min,0)");
    expect([...readEvidence([file("a", plain), file("b", timer)], 3).lacks]).not.toContain("timer");
  });

  test("listening sockets and connections of two commands are one look", () => {
    const [listens = "", connection = ""] = plain.split("\n");
    const { looks, shows, lacks, unused } = readEvidence(
      [file("a", `$ ss -tlnp\n${listens}\n`), file("b", `$ ss -tnpo\n${connection}\n`)],
      null,
    );
    expect(looks.map(({ sockets }) => sockets.map(({ state }) => state))).toEqual([[10, 1]]);
    expect([shows, [...lacks].toSorted(), unused]).toEqual([
      { listeners: true, connections: true },
      ["info", "inode", "timer"],
      [],
    ]);
  });

  test("two texts of counters give how far they moved, and one gives nothing", () => {
    const nstat = (value: number): string => `#kernel\nTcpOutRsts ${value} 0.0\nTcpExtTW 0 0.0\n`;
    expect(
      readEvidence([file("a", plain), file("b", plain), file("c", nstat(97)), file("d", nstat(120))], 3)
        .counters,
    ).toEqual({ fromMs: 0, toMs: 3000, deltas: { TcpOutRsts: 23 } });
    const once = readEvidence([file("a", plain), file("c", nstat(97))], null);
    expect([once.counters, once.unused]).toEqual([
      null,
      [["counters that were read once: they count since boot, and two texts show how fast"]],
    ]);
  });

  test("/proc/net/netstat and /proc/net/snmp of two looks are four texts", () => {
    const looks = [3, 5].flatMap((value) => [
      file(`n${value}`, `TcpExt: ListenDrops\nTcpExt: ${value}\n`),
      file(`s${value}`, `Tcp: OutRsts\nTcp: ${value * 2}\n`),
    ]);
    expect(readEvidence([file("a", plain), file("b", plain), ...looks], 3).counters?.deltas).toEqual({
      TcpExtListenDrops: 2,
      TcpOutRsts: 4,
    });
  });
});

test("lines that belong to nothing are quoted, and what a named command printed is not", () => {
  const { unreadable } = readEvidence(
    [file("f", `hello\n$ uptime\n 19:05:45 up 16:50\n${plain}ESTAB 0 0 web:https 192.0.2.7:5\n`)],
    null,
  );
  expect(unreadable.map(({ line, text }) => [line, text])).toEqual([
    [6, "ESTAB 0 0 web:https 192.0.2.7:5"],
    [1, "hello"],
  ]);
});
