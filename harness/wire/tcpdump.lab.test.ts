import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../tests/programs/needs.ts";
import { segments } from "../measure/segments.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import type { WireRule } from "../model/wire.ts";
import { LabTrials } from "../trial/lab-trial.fixture.ts";
import { wireComment } from "./comment.ts";

// One trial, captured three times: by the wire, by tcpdump at the interfaces of both hosts, and in the pcapng that the trial wrote.

const trials = new LabTrials();
const path = (name: string): string => join(trials.folder, name);
afterAll(() => trials.close());
let recording: Recording;

/** One rule for each thing that a wire can do, so that the captures at the two ends differ. */
const RULES: WireRule[] = [
  {
    name: "first SYN-ACK",
    match: { from: "server", flags: ["SYN"], nth: { from: 1, to: 1 } },
    do: { drop: true },
  },
  {
    name: "twice",
    match: { from: "client", payload: "some", connection: 2 },
    do: { duplicateAfterMs: 30 },
  },
  { name: "late", match: { from: "server", payload: "some", connection: 3 }, do: { holdMs: 60 } },
  {
    name: "spoilt",
    match: { from: "server", payload: "some", connection: 4, nth: { from: 1, to: 1 } },
    do: { corrupt: true },
  },
];

function setup(): Setup {
  const tcpdump = (host: string) => ({ run: `./tcpdump.mjs link0 ${path(`${host}.pcap`)}`, host });
  return setupOf({
    links: [{ kind: "wire", delayMs: [2, 1], rules: RULES }],
    servers: {
      "at the client": tcpdump("client"),
      "at the server": tcpdump("server"),
      echo: "./echo.mjs",
    },
    clients: {
      ask: {
        run: "clients/short-tcp --to {server}:8080 --attempts 5 --concurrency 1 --close client",
        withinMs: 10_000,
      },
    },
    // By the end of the drain, delayed segments have arrived.
    phases: { load: { until: { exited: ["ask"] }, withinMs: 9000 }, drain: { elapsedMs: 500 } },
    everyMs: {},
  });
}

beforeAll(async () => {
  ({ recording } = await trials.run(setup(), path("trial.pcapng")));
});

/** The fields of a segment that both tcpdump and a recording have. Sequence numbers are relative to the connection's SYNs. */
type Seen = [ports: string, flags: string, sequence: number, acknowledgement: number | null, payload: number];

const LETTERS: [PacketSample["flags"][number], string][] = [
  ["FIN", "F"],
  ["SYN", "S"],
  ["RST", "R"],
  ["PSH", "P"],
  ["ACK", "."],
];

function ofPacket(packet: PacketSample): Seen {
  const flags = LETTERS.filter(([flag]) => packet.flags.includes(flag)).map(([, letter]) => letter);
  const ports = `${packet.fromPort} ${packet.toPort}`;
  return [ports, flags.join(""), packet.sequence, packet.acknowledgement, packet.payloadBytes];
}

/** The segments that tcpdump prints for a file. Its absolute numbers (-S) are made relative to the SYNs in the file. */
function ofTcpdump(file: string): Seen[] {
  const run = spawnSync("tcpdump", ["-n", "-S", "-r", file], { encoding: "utf8" });
  expect(run.status, run.stderr).toBe(0);
  const first = new Map<string, number>();
  return run.stdout
    .trimEnd()
    .split("\n")
    .map((line): Seen => {
      const found =
        /\.(?<from>\d+) > [\d.]+\.(?<to>\d+): Flags \[(?<flags>[^\]]+)\],(?: seq (?<seq>\d+)(?::\d+)?,)?(?: ack (?<ack>\d+),)?.* length (?<length>\d+)/.exec(
          line,
        )?.groups;
      if (found === undefined) throw new Error(`tcpdump printed an unexpected line: ${line}`);
      const { from, to, flags = "", seq, ack, length } = found;
      const ports = `${from} ${to}`;
      if (flags.includes("S")) first.set(ports, Number(seq));
      const relative = (number: string | undefined, of: string): number =>
        (Number(number) - (first.get(of) ?? Number.NaN)) >>> 0;
      // tcpdump prints no sequence number for an empty segment; the recording has one.
      const sequence = seq === undefined ? Number.NaN : relative(seq, ports);
      const letters = LETTERS.map(([, letter]) => letter).filter((letter) => flags.includes(letter));
      const acknowledgement = ack === undefined ? null : relative(ack, `${to} ${from}`);
      return [ports, letters.join(""), sequence, acknowledgement, Number(length)];
    });
}

/**
 * Sorts by connection and keeps the order within each. The order between connections is not compared: when two processors send at the
 * same time, tcpdump and the wire can get the segments in different orders.
 */
function byConnection(seen: Seen[]): Seen[] {
  return seen.toSorted(([a], [b]) => a.localeCompare(b));
}

/** Removes the sequence numbers of the segments for which tcpdump prints none. */
function withoutUnprinted(seen: Seen[], printed: Seen[]): Seen[] {
  return seen.map(([ports, flags, sequence, acknowledgement, payload], n) => {
    const isPrinted = !Number.isNaN(printed[n]?.[2] ?? 0);
    return [ports, flags, isPrinted ? sequence : Number.NaN, acknowledgement, payload];
  });
}

describe.each(["client", "server"])("tcpdump at the %s", needs("tcpdump"), (host) => {
  const isFrom = ([ports]: Seen): boolean => (ports.endsWith(" 8080") ? "client" : "server") === host;

  test("captured each segment that the wire received from there", () => {
    const theirs = ofTcpdump(path(`${host}.pcap`)).filter(isFrom);
    const ours = segments(recording, { from: host }).map(ofPacket);
    expect(theirs.length).toBeGreaterThan(15);
    expect(withoutUnprinted(byConnection(ours), byConnection(theirs))).toEqual(byConnection(theirs));
  });

  test("captured each segment that the wire sent there", () => {
    const theirs = ofTcpdump(path(`${host}.pcap`)).filter((one) => !isFrom(one));
    const other = host === "client" ? "server" : "client";
    const ours = segments(recording, { from: other })
      .flatMap((packet) => {
        const { sentUs, fate, rule } = packet;
        if (sentUs === null) return [];
        const again = fate === "duplicated" && rule === "twice" ? [{ packet, sentUs: sentUs + 30_000 }] : [];
        return [{ packet, sentUs }, ...again];
      })
      .toSorted((a, b) => a.sentUs - b.sentUs)
      .map(({ packet }) => ofPacket(packet));
    expect(theirs.length).toBeGreaterThan(15);
    // Delayed and duplicated segments are at other places in the two lists, so both are sorted.
    const key = (seen: Seen): string => seen.join(" ");
    const printed = ([ports, flags, sequence, ...rest]: Seen): Seen => {
      const [acknowledgement, payload] = rest;
      const isPrinted = payload > 0 || /[SFR]/.test(flags);
      return [ports, flags, isPrinted ? sequence : Number.NaN, acknowledgement, payload];
    };
    expect(ours.map(printed).map(key).toSorted()).toEqual(theirs.map(printed).map(key).toSorted());
  });
});

test("each rule acted, and no other frame was lost", needs("tcpdump"), () => {
  const wires = recording.samples.filter((sample) => sample.kind === "wire");
  expect(wires).toMatchObject([{ lostFrames: 0, untoldSegments: 0, malformed: 0 }]);
  for (const { name } of RULES) expect(segments(recording, { rule: name }).length, name).toBeGreaterThan(0);
});

describe("the pcapng of the trial", needs("tcpdump", "tshark"), () => {
  const fields = (filter: string): string[][] => {
    const names = ["frame.interface_name", "tcp.srcport", "tcp.dstport", "tcp.len", "frame.comment"];
    const flags = ["-T", "fields", "-E", "separator=|", ...names.flatMap((name) => ["-e", name])];
    const run = spawnSync("tshark", ["-r", path("trial.pcapng"), "-Y", filter, ...flags], {
      encoding: "utf8",
    });
    expect(run.status, run.stderr).toBe(0);
    // tshark warns root that it runs as root. It must print nothing else.
    expect(run.stderr.replace(/^Running as user "root".*\n/, "")).toBe("");
    return run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("|"));
  };

  test("is read by tshark without a warning, and has every segment with what the wire did", () => {
    expect(existsSync(path("trial.pcapng"))).toBe(true);
    expect(fields("tcp")).toEqual(
      segments(recording).map((packet) => [
        ...[packet.from, String(packet.fromPort), String(packet.toPort), String(packet.payloadBytes)],
        wireComment(packet),
      ]),
    );
  });

  test("has whole frames, with their checksums", () => {
    const checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
    const filter = "tcp.checksum.status!=1 || _ws.malformed || frame.cap_len < frame.len";
    const run = spawnSync("tshark", ["-r", path("trial.pcapng"), ...checks, "-Y", filter], {
      encoding: "utf8",
    });
    expect(run.stdout).toBe("");
  });
});
