import { describe, expect, test } from "vitest";
import { movedSince, parsePairs, parseSockstat } from "./parse.ts";

/** Excerpts of a Linux 6.18 machine's files, lines shortened. */
const NETSTAT = `TcpExt: SyncookiesSent TW ListenOverflows ListenDrops
TcpExt: 0 97 3 5
IpExt: InNoRoutes InOctets
IpExt: 0 18014398509481984
MPTcpExt: MPCapableSYNRX
MPTcpExt: 0
`;
const SNMP = `Ip: Forwarding DefaultTTL InReceives
Ip: 1 64 1023
IcmpMsg: InType3 OutType3
IcmpMsg: 2 2
Tcp: RtoAlgorithm MaxConn ActiveOpens CurrEstab
Tcp: 1 -1 47 4
`;
const SOCKSTAT = `sockets: used 131
TCP: inuse 4 orphan 1 tw 97 alloc 6 mem 1
UDP: inuse 1 mem 0
FRAG: inuse 0 memory 0
`;

describe("counters in pairs of lines", () => {
  test("are named as nstat prints them", () => {
    expect(parsed(parsePairs, NETSTAT + SNMP)).toEqual({
      TcpExtSyncookiesSent: 0,
      TcpExtTW: 97,
      TcpExtListenOverflows: 3,
      TcpExtListenDrops: 5,
      IpExtInNoRoutes: 0,
      IpExtInOctets: 18014398509481984,
      MPTcpExtMPCapableSYNRX: 0,
      IpForwarding: 1,
      IpDefaultTTL: 64,
      IpInReceives: 1023,
      IcmpMsgInType3: 2,
      IcmpMsgOutType3: 2,
      TcpRtoAlgorithm: 1,
      TcpMaxConn: -1,
      TcpActiveOpens: 47,
      TcpCurrEstab: 4,
    });
  });

  test.each([
    ["a number is missing", "Tcp: ActiveOpens PassiveOpens\nTcp: 1\n"],
    ["the line below belongs to another word", "Tcp: ActiveOpens\nUdp: 1\n"],
    ["there is no word before the names", "ActiveOpens\nActiveOpens\n"],
  ])("are refused, with the line, when %s", (_, text) => {
    expect(() => parsed(parsePairs, `${SNMP}${text}`)).toThrow("line 8");
  });

  test("are empty for an empty text", () => {
    expect(parsed(parsePairs, "")).toEqual({});
  });
});

test("the values of sockstat are named after their line and word", () => {
  expect(parsed(parseSockstat, SOCKSTAT)).toEqual({
    "sockstat.sockets.used": 131,
    "sockstat.TCP.inuse": 4,
    "sockstat.TCP.orphan": 1,
    "sockstat.TCP.tw": 97,
    "sockstat.TCP.alloc": 6,
    "sockstat.TCP.mem": 1,
    "sockstat.UDP.inuse": 1,
    "sockstat.UDP.mem": 0,
    "sockstat.FRAG.inuse": 0,
    "sockstat.FRAG.memory": 0,
  });
});

test("a value that changed is given as its difference, up or down, and one that did not change is left out", () => {
  const baseline = new Map([
    ["TcpActiveOpens", 47],
    ["TcpCurrEstab", 4],
    ["IpDefaultTTL", 64],
  ]);
  const now = new Map([
    ["TcpActiveOpens", 144],
    ["TcpCurrEstab", 1],
    ["IpDefaultTTL", 64],
    ["IcmpMsgInType3", 2],
  ]);
  expect(movedSince(baseline, now)).toEqual({ TcpActiveOpens: 97, TcpCurrEstab: -3, IcmpMsgInType3: 2 });
});

function parsed(
  parse: (text: string, into: Map<string, number>) => void,
  text: string,
): Record<string, number> {
  const into = new Map<string, number>();
  parse(text, into);
  return Object.fromEntries(into);
}
