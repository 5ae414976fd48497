import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moved, parseNstat, parseProc, parseSysctls, type SavedCounters } from "./counters.ts";
import { sectionsOf, type Section } from "./section.ts";

function section(text: string): Section {
  const [one] = sectionsOf("f", text, null);
  if (one === undefined) throw new Error("no section");
  return one;
}
const nstat = (text: string): SavedCounters => parseNstat(section(text));

describe("counters that count since boot", () => {
  test("are no rates until there are two texts", () => {
    const [before, after] = [
      nstat("+ nstat -az\n#kernel\nTcpOutRsts 97 0.0\nTcpExtTW 5 0.0\n"),
      nstat("+ nstat -az\n#kernel\nTcpOutRsts 120 0.0\nTcpExtTW 5 0.0\n"),
    ];
    expect(before.since).toBe("boot");
    expect(moved(before, after)).toEqual({ TcpOutRsts: 23 });
  });

  test("are refused where one of them is lower later", () => {
    const [before, after] = [
      nstat("#kernel\nTcpOutRsts 97 0.0\nTcpCurrEstab 7 0.0\nTcpExtTW 0 0.0\n"),
      nstat("#kernel\nTcpOutRsts 3 0.0\nTcpExtTW 0 0.0\n"),
    ];
    expect(moved(before, after)).toContain("TcpOutRsts is lower in the second");
  });

  test("a current value may fall", () => {
    expect(
      moved(
        nstat("#kernel\nTcpExtTW 0 0.0\nTcpCurrEstab 7 0.0\n"),
        nstat("#kernel\nTcpExtTW 0 0.0\nTcpCurrEstab 3 0.0\n"),
      ),
    ).toEqual({
      TcpCurrEstab: -4,
    });
  });

  test("/proc/net/netstat and /proc/net/snmp have them in pairs of lines", () => {
    const { values, unreadable } = parseProc(
      section("TcpExt: ListenOverflows ListenDrops\nTcpExt: 3 5\nTcp: ActiveOpens\nTcp: 47\n"),
    );
    expect(Object.fromEntries(values)).toEqual({
      TcpExtListenOverflows: 3,
      TcpExtListenDrops: 5,
      TcpActiveOpens: 47,
    });
    expect(unreadable).toEqual([]);
    expect(
      parseProc(section("TcpExt: A B\nTcpExt: 3\nTcp: ActiveOpens\nTcp: 47\n")).values.get("TcpActiveOpens"),
    ).toBe(47);
  });
});

test("nstat without -a prints what came since its last call", () => {
  const [before, after] = [
    nstat("+ nstat\n#kernel\nTcpOutRsts 97 0.0\n"),
    nstat("+ nstat\n#kernel\nTcpOutRsts 3 0.0\n"),
  ];
  expect([after.since, moved(before, after)]).toEqual(["last call", { TcpOutRsts: 3 }]);
});

test("nstat without its command and without zeros may mean either, and is not used", () => {
  const [before, after] = [nstat("#kernel\nTcpOutRsts 3 0.0\n"), nstat("#kernel\nTcpOutRsts 97 0.0\n")];
  expect(moved(before, after)).toContain("without a word on its options");
});

test("a line that is no counter is quoted", () => {
  expect(nstat("#kernel\nTcpOutRsts 97 0.0\nnstat: no such file\n").unreadable).toEqual([
    { line: 3, text: "nstat: no such file", because: "it is not a counter of nstat" },
  ]);
});

test("sysctls have names and values", () => {
  expect(
    parseSysctls(
      section("net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.tcp_tw_reuse = 2\nkernel.x =\n"),
    ),
  ).toEqual({
    "net.ipv4.ip_local_port_range": "32768\t60999",
    "net.ipv4.tcp_tw_reuse": "2",
    "kernel.x": "",
  });
});

test("any text is read without an error", () => {
  const of = (text: string, kind: Section["kind"]): Section => ({
    file: "f",
    kind,
    command: null,
    taken: null,
    lines: text.split("\n").map((line, nth) => ({ number: nth + 1, text: line })),
  });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseNstat(of(text, "nstat"));
      parseProc(of(text, "pairs"));
      parseSysctls(of(text, "sysctl"));
    }),
  );
});
