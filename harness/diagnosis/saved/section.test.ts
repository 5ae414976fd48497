import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandNamed } from "./command.ts";
import { sectionsOf } from "./section.ts";
import { timeIn } from "./time.ts";

const SS = "LISTEN 0 5 127.0.0.1:8080 0.0.0.0:*";
const kinds = (text: string): string[] => sectionsOf("f", text, null).map(({ kind }) => kind);

describe("a file is divided into what its commands printed", () => {
  test("by the lines in which a shell shows the commands", () => {
    const text = `+ date\nMon Nov 30 19:05:29 UTC 2026\n+ ss -tan\n${SS}\n+ nstat -az\n#kernel\nIpInReceives 28 0.0\n+ sleep 3\n+ ss -tan\n${SS}\n`;
    const sections = sectionsOf("f", text, null);
    expect(sections.map(({ kind, command, lines }) => [kind, command?.words, lines.length])).toEqual([
      ["ss", "ss -tan", 1],
      ["nstat", "nstat -az", 2],
      ["ss", "ss -tan", 1],
    ]);
    expect(sections[0]?.taken).toEqual({ ms: Date.parse("2026-11-30T19:05:29Z"), resolutionMs: 1000 });
  });

  test("by headers, where two looks were written one after the other", () => {
    const head = "State Recv-Q Send-Q Local Address:Port Peer Address:Port";
    expect(kinds(`${head}\n${SS}\n${head}\n${SS}\n`)).toEqual(["ss", "ss"]);
    expect(kinds("#kernel\nTcpInSegs 7 0.0\n#kernel\nTcpInSegs 9 0.0\n")).toEqual(["nstat", "nstat"]);
  });

  test("by dates", () => {
    const sections = sectionsOf(
      "f",
      `2026-11-30T19:05:29.250Z\n${SS}\n2026-11-30T19:05:32.500Z\n${SS}\n`,
      null,
    );
    expect(sections.map(({ kind, taken }) => [kind, (taken?.ms ?? 0) % 60_000])).toEqual([
      ["ss", 29_250],
      ["ss", 32_500],
    ]);
  });

  test("by the lines themselves", () => {
    const pairs = "TcpExt: ListenDrops\nTcpExt: 3\nIp: Forwarding\nIp: 1\n";
    expect(
      kinds(`${SS}\ntcp 0 0 192.0.2.7:5 192.0.2.7:6 TIME_WAIT\n${pairs}net.ipv4.tcp_tw_reuse = 2\n`),
    ).toEqual(["ss", "netstat", "pairs", "sysctl"]);
    expect(kinds(pairs + pairs)).toEqual(["pairs", "pairs"]);
    expect(
      kinds(
        "Ip:\n    Forwarding: 1\n    28 total packets received\nTcp:\n    1 active connection openings\n",
      ),
    ).toEqual(["statistics"]);
    expect(kinds("Dear all,\n\nplease find attached.\n")).toEqual(["other"]);
  });
});

describe("the name of a file says its command", () => {
  test.each([
    ["ss_-peaonmi", "ss", "peaonmi"],
    ["ss -tan.2.txt", "ss", "tan"],
    ["1.ss-tanoiemp.txt", "ss", "tanoiemp"],
    ["netstat_-W_-neopa", "netstat", "Wneopa"],
    ["nstat-az.1", "nstat", "az"],
  ])("%s", (name, kind, options) => {
    const command = commandNamed(name);
    expect([command?.kind, [...(command?.options ?? [])].join("")]).toEqual([kind, options]);
  });

  test.each(["processes.txt", "compress", "before.txt", "ss1", "passes"])("%s says none", (name) => {
    expect(commandNamed(name)).toBeNull();
  });
});

describe("a line that is a date", () => {
  test.each([
    ["Mon Nov 30 19:05:29 UTC 2026", "2026-11-30T19:05:29.000Z"],
    ["Mon 30 Nov 2026 07:05:29 PM UTC", "2026-11-30T19:05:29.000Z"],
    ["Tue Dec  1 09:05:29 CET 2026", "2026-12-01T09:05:29.000Z"],
    ["2026-11-30T19:05:29+00:00", "2026-11-30T19:05:29.000Z"],
    ["2026-11-30 19:05:29.5", "2026-11-30T19:05:29.500Z"],
    ["1796065529.25", "2026-11-30T19:05:29.250Z"],
  ])("%s", (line, iso) => {
    expect(new Date(timeIn(line)?.ms ?? 0).toISOString()).toBe(iso);
  });

  test.each([
    "",
    "ESTAB 0 0 192.0.2.7:5 192.0.2.7:6",
    "TcpExtTW 1796065529 0.0",
    "Mon Foo 30 19:05:29 UTC 2026",
  ])("%s is none", (line) => {
    expect(timeIn(line)).toBeNull();
  });
});

test("any text is divided without an error, and no line of it is lost", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(SS, "#kernel", "+ ss -tan", "TcpExt: a", "Active Internet connections", "1796065529"),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const section of sectionsOf("f", lines.join("\n"), null)) {
        for (const { number, text } of section.lines)
          expect(lines.join("\n").split(/\r?\n/)[number - 1]).toBe(text);
      }
    }),
  );
});
