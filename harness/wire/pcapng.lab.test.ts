import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../tests/programs/needs.ts";
import { repeats } from "../measure/packets.ts";
import type { PacketSample } from "../model/sample.ts";
import { buildSegment, buildUnreachable } from "./packet/build.ts";
import { FLAG } from "./packet/flags.ts";
import { parseFrame } from "./packet/frame.ts";
import type { RawOptions } from "./packet/options.ts";
import { enhancedPacket, interfaceDescription, interfaceStatistics, sectionHeader } from "./pcapng.ts";
import { Tracker } from "./track.ts";

const { SYN, ACK, PSH, FIN } = FLAG;
const FIRST_US = Date.UTC(2026, 2, 1, 12) * 1000 + 123_457;
const MACS = [Uint8Array.of(2, 0, 0, 0, 0, 1), Uint8Array.of(2, 0, 0, 0, 0, 2)] as const;

interface Sent {
  from: 0 | 1;
  flags: number;
  sequence: number;
  acknowledgement: number;
  payload?: string;
  options?: RawOptions;
  comment: string;
}

/** A connection whose first SYN-ACK is lost, so that both ends retransmit. */
const SENT: Sent[] = [
  {
    from: 0,
    flags: SYN,
    sequence: 1000,
    acknowledgement: 0,
    options: {
      mssBytes: 1460,
      sackPermitted: true,
      windowScale: 7,
      timestamps: { value: 5, echo: 0 },
      fastOpenCookie: "0102030405060708",
    },
    comment: "passed",
  },
  {
    from: 1,
    flags: SYN | ACK,
    sequence: 9000,
    acknowledgement: 1001,
    options: { mssBytes: 1400, sackPermitted: true, windowScale: 3, timestamps: { value: 7, echo: 5 } },
    comment: "dropped by rule first-syn-ack",
  },
  {
    from: 1,
    flags: SYN | ACK,
    sequence: 9000,
    acknowledgement: 1001,
    options: { mssBytes: 1400, sackPermitted: true, windowScale: 3, timestamps: { value: 8, echo: 5 } },
    comment: "passed",
  },
  { from: 0, flags: ACK, sequence: 1001, acknowledgement: 9001, comment: "passed" },
  {
    from: 0,
    flags: PSH | ACK,
    sequence: 1001,
    acknowledgement: 9001,
    payload: "attempt 1\n",
    comment: "held by rule später until released",
  },
  {
    from: 1,
    flags: ACK,
    sequence: 9001,
    acknowledgement: 1001,
    options: { sack: [[1006, 1011]] },
    comment: "passed",
  },
  { from: 1, flags: FIN | ACK, sequence: 9001, acknowledgement: 1011, comment: "passed" },
];

function frameOf(sent: Sent, ipVersion: 4 | 6): Uint8Array {
  const addresses =
    ipVersion === 4 ? (["192.0.2.1", "192.0.2.2"] as const) : (["2001:db8::1", "2001:db8::2"] as const);
  const to = sent.from === 0 ? 1 : 0;
  return buildSegment({
    ethernet: { source: MACS[sent.from], destination: MACS[to] },
    source: addresses[sent.from],
    destination: addresses[to],
    sourcePort: sent.from === 0 ? 40_001 : 7777,
    destinationPort: sent.from === 0 ? 7777 : 40_001,
    sequence: sent.sequence,
    acknowledgement: sent.acknowledgement,
    flags: sent.flags,
    windowField: 501,
    options: sent.options ?? {},
    payload: new TextEncoder().encode(sent.payload ?? ""),
  });
}

/** The numbers of the frames that lastack's own analysis counts as retransmissions, from 1. */
function retransmissions(frames: Uint8Array[]): number[] {
  const tracker = new Tracker(0, ["client", "server"]);
  const packets = frames.map((bytes, n): PacketSample => {
    const frame = parseFrame(bytes, bytes.length);
    const from = SENT[n]?.from ?? 0;
    if (frame.kind !== "tcp") throw new Error(JSON.stringify(frame));
    const segment = tracker.segment(frame, from, tracker.follow(frame, bytes, from));
    return { atUs: n, phase: "load", ...segment, fate: "passed", rule: null, sentUs: n };
  });
  const repeated = repeats(packets);
  return packets.flatMap((packet, n) => (repeated.get(packet)?.kind === "retransmission" ? [n + 1] : []));
}

function run(tool: string, args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8", timeout: 600_000 });
  expect(status, stderr).toBe(0);
  return { stdout, stderr };
}

describe.each<4 | 6>([4, 6])("a pcapng of IPv%d", (ipVersion) => {
  const folder = mkdtempSync(join(tmpdir(), "lastack-pcapng-"));
  const path = join(folder, "trial.pcapng");
  const frames = SENT.map((sent) => frameOf(sent, ipVersion));

  beforeAll(() => {
    const [first = new Uint8Array(0)] = frames;
    const from = ipVersion === 4 ? "192.0.2.2" : "2001:db8::2";
    const blocks = [
      sectionHeader({ application: "lastack", os: "Linux", comment: "syn-ack-lost/lost" }),
      interfaceDescription({ name: "client", description: "what the client sent" }),
      interfaceDescription({ name: "server" }),
      ...SENT.map((sent, n) => {
        const bytes = frames[n] ?? first;
        return enhancedPacket({
          interface: sent.from,
          unixUs: FIRST_US + n * 250_001,
          bytes,
          comment: sent.comment,
        });
      }),
      enhancedPacket({
        interface: 1,
        unixUs: FIRST_US + 2_000_000,
        bytes: buildUnreachable(first, first.length, from, "host"),
        comment: "unreachable",
      }),
      interfaceStatistics(0, FIRST_US + 2_000_000, 3),
    ];
    writeFileSync(path, Buffer.concat(blocks));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe("in tshark", needs("tshark"), () => {
    const fields = (names: string[], filter: string): string[][] =>
      run("tshark", [
        ...["-r", path, "-Y", filter, "-T", "fields", "-E", "separator=|"],
        ...["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"],
        ...names.flatMap((name) => ["-e", name]),
      ])
        .stdout.trimEnd()
        .split("\n")
        .map((line) => line.split("|"));

    test("is read without a warning, field by field", () => {
      const names = ["frame.interface_name", "frame.time_epoch", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags"];
      const more = ["tcp.len", "frame.comment", "tcp.checksum.status"];
      expect(fields([...names, ...more], "tcp && !icmp && !icmpv6")).toEqual(
        SENT.map((sent, n) => [
          ["client", "server"][sent.from],
          `${((FIRST_US + n * 250_001) / 1e6).toFixed(6)}000`,
          `${sent.sequence}`,
          `${sent.acknowledgement}`,
          `0x${sent.flags.toString(16).padStart(4, "0")}`,
          `${sent.payload?.length ?? 0}`,
          sent.comment,
          "1",
        ]),
      );
      // tshark warns root that it runs as root. It must print nothing else.
      const warnings = run("tshark", ["-r", path]).stderr.replace(/^Running as user "root".*\n/, "");
      expect(warnings).toBe("");
    });

    test("has the options that were written", () => {
      const names = ["mss_val", "wscale.shift", "timestamp.tsval", "timestamp.tsecr", "tfo.cookie"];
      const seen = fields(
        names.map((name) => `tcp.options.${name}`),
        "tcp.flags.syn==1 && !icmp && !icmpv6",
      );
      expect(seen).toEqual([
        ["1460", "7", "5", "0", "0102030405060708"],
        ["1400", "3", "7", "5", ""],
        ["1400", "3", "8", "5", ""],
      ]);
      expect(fields(["tcp.options.sack_le", "tcp.options.sack_re"], "tcp.options.sack")).toEqual([
        ["6", "11"],
      ]);
    });

    test("has no malformed packet, no wrong checksum, and the retransmitted SYN-ACK", () => {
      const sums = ["tcp", "ip", "icmp", "icmpv6"].map((protocol) => `${protocol}.checksum.status==0`);
      expect(fields(["frame.number"], ["_ws.malformed", ...sums].join(" || "))).toEqual([[""]]);
      const again = fields(["frame.number"], "tcp.analysis.retransmission");
      expect(again).toEqual([["3"]]);
      expect(again.map(([number]) => Number(number))).toEqual(retransmissions(frames));
      const unreachable =
        ipVersion === 4 ? "icmp.type==3 && icmp.code==1" : "icmpv6.type==1 && icmpv6.code==3";
      expect(fields(["frame.comment"], unreachable)).toEqual([["unreachable"]]);
      expect(fields(["frame.number"], "icmpv6.checksum.status==0 || icmp.checksum.status==0")).toEqual([
        [""],
      ]);
    });
  });

  describe("in capinfos", needs("capinfos"), () => {
    test("has the names of its section and interfaces, and the number of missing frames", () => {
      const { stdout } = run("capinfos", [path]);
      expect(stdout).toMatch(/Capture application: *lastack\n/);
      expect(stdout).toMatch(/Capture comment: *syn-ack-lost\/lost\n/);
      expect(stdout).toMatch(/Name = client\n/);
      expect(stdout).toMatch(/Number of packets: *8\n/);
    });
  });

  describe("in tcpdump", needs("tcpdump"), () => {
    test("has every segment", () => {
      const { stdout } = run("tcpdump", ["-n", "-S", "-vv", "-tttt", "-r", path, "tcp"]);
      const flags = [...stdout.matchAll(/Flags \[([^\]]+)\]/g)].map(([, seen]) => seen);
      expect(flags).toEqual(["S", "S.", "S.", ".", "P.", ".", "F."]);
      expect(stdout.match(/cksum 0x[0-9a-f]+ \(correct\)/g)).toHaveLength(SENT.length);
      expect(stdout).toContain("tfo  cookie 0102030405060708");
    });
  });
});
