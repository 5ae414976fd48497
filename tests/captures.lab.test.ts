import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastack } from "./lab/command.ts";
import { repeats, wireConnections } from "../harness/measure/packets.ts";
import { segments } from "../harness/measure/segments.ts";
import { readRecording } from "../harness/recording/read.ts";
import { folderFor, WHO } from "./lab/user.ts";
import { needs } from "./programs/needs.ts";

// Checks the captures of `run --pcap` with tshark, which analyses them independently of lastack.

interface Document {
  experiments: { id: string; variants: Record<string, { outcome: string; recording: string }> }[];
}

const folder = folderFor(WHO[0] ?? "own");
let captures: { name: string; recording: string; pcapng: string }[];

beforeAll(() => {
  const command = ["run", "syn-ack-lost", "simultaneous-close", "--pcap", "--json", "--out", folder.path];
  const ran = lastack(command, { cwd: folder.path });
  captures = (JSON.parse(ran.stdout) as Document).experiments.flatMap(({ id, variants }) =>
    Object.entries(variants).map(([variant, { recording }]) => {
      const path = join(folder.path, recording);
      return { name: `${id}/${variant}`, recording: path, pcapng: path.replace(/ndjson$/, "pcapng") };
    }),
  );
});
afterAll(() => folder.remove());

/** The numbers of the frames that a tshark filter finds, and tshark's other output. */
function tshark(path: string, filter: string): { frames: number[]; warnings: string } {
  const run = spawnSync("tshark", ["-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number"], {
    encoding: "utf8",
  });
  expect(run.status, run.stderr).toBe(0);
  const frames = run.stdout.split("\n").filter(Boolean).map(Number);
  // tshark warns when it runs as root.
  return { frames, warnings: run.stderr.replace(/^Running as user "root".*\n/, "") };
}

function captureOf(name: string): (typeof captures)[number] {
  const found = captures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} wrote no capture`);
  return found;
}

describe.each(["syn-ack-lost/nothing-lost", "syn-ack-lost/syn-ack-lost", "syn-ack-lost/third-segment-lost"])(
  "%s",
  needs("tshark"),
  (name) => {
    test("has the same retransmissions as the ladder", () => {
      const { recording: path, pcapng } = captureOf(name);
      const recording = readRecording(path);
      const all = segments(recording);
      const ours = wireConnections(recording)
        .flatMap(({ packets }) => [...repeats(packets)])
        .filter(([, repeat]) => repeat.kind === "retransmission")
        .map(([packet]) => all.indexOf(packet) + 1);
      const theirs = tshark(pcapng, "tcp.analysis.retransmission || tcp.analysis.fast_retransmission");
      expect(theirs.frames).toEqual(ours.toSorted((a, b) => a - b));
      if (name === "syn-ack-lost/syn-ack-lost") expect(ours.length).toBeGreaterThanOrEqual(2);
      expect(tshark(pcapng, "tcp").frames).toHaveLength(all.length);
    });
  },
);

describe.each(["simultaneous-close/both", "simultaneous-close/one-first"])("%s", needs("tshark"), (name) => {
  test("opens without a warning", () => {
    const { pcapng } = captureOf(name);
    expect(tshark(pcapng, "tcp").frames.length).toBeGreaterThan(6);
    expect(tshark(pcapng, "tcp").warnings).toBe("");
    // The severities of tshark's remarks: chat 0x200000, note 0x400000, warning 0x600000, error 0x800000.
    expect(tshark(pcapng, "_ws.expert.severity >= 0x600000 || _ws.malformed")).toEqual({
      frames: [],
      warnings: "",
    });
  });
});
