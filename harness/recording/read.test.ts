import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RECORDING_FORMAT, type Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { TCP_STATES } from "../model/state.ts";
import {
  at,
  attemptAt,
  completed,
  countersAt,
  group,
  handMade,
  listenerAt,
  plainHeader,
  socketsAt,
} from "./hand-made.fixture.ts";
import { recordingLine, recordingText } from "./line.ts";
import { parseRecording, readOwnRecording, readRecording } from "./read.ts";
import { RecordingError } from "./recording-error.ts";
import { refusal } from "./refusal.fixture.ts";
import { Seal } from "./seal.ts";
import { SECOND_FORMAT } from "./upgrade.ts";
import { openRecording } from "./write.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lastack-read-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The text of a recording as older versions wrote it. */
function withoutSeals(sealed: string): string {
  return sealed.replace(RECORDING_FORMAT, SECOND_FORMAT).replaceAll(/,"seal":"[0-9a-f]{8}"\}$/gm, "}");
}

const text = withoutSeals(
  recordingText(
    handMade([
      socketsAt(at(10), "server", [group("CLOSE-WAIT", "listener", 97)]),
      countersAt(at(10), "server", { TcpPassiveOpens: 97 }),
    ]),
  ),
);
const lines = text.split("\n").slice(0, -1);

function withLine(number: number, line: string): string {
  return lines.map((old, nth) => `${nth === number - 1 ? line : old}\n`).join("");
}

describe("a recording", () => {
  test("that is complete is read to its end", () => {
    const recording = parseRecording(text, "a.ndjson");
    expect(recording).toMatchObject({ cutOff: null, sealed: false });
    expect(recording.samples.map((sample) => sample.kind)).toEqual(["sockets", "counters", "end"]);
  });

  test("without its end has a reason in cutOff", () => {
    const recording = parseRecording(`${lines.slice(0, 3).join("\n")}\n`, "a.ndjson");
    expect(recording.samples).toHaveLength(2);
    expect(recording.cutOff).toBe("the trial did not write its end; the last line is 3");
  });

  test("whose last line lacks only its line feed is cut off", () => {
    const recording = parseRecording(text.slice(0, -1), "a.ndjson");
    expect(recording.samples).toHaveLength(2);
    expect(recording.cutOff).toBe("its last line was cut off; it was read to line 3, the last complete one");
  });

  test.each([
    ["is not JSON", withLine(2, "{"), 2, "it is not JSON"],
    ["is empty", withLine(3, ""), 3, "it is empty"],
    [
      "has an unknown state",
      withLine(2, (lines[1] ?? "").replace("CLOSE-WAIT", "CLOSED-WAIT")),
      2,
      "groups[0].state",
    ],
    [
      "has an unknown key",
      withLine(3, (lines[2] ?? "").replace("{", '{"hots":1,')),
      3,
      'the unknown key "hots"',
    ],
    ["has an unknown kind", withLine(3, '{"kind":"gossip"}'), 3, 'kind: expected "sockets" or'],
    ["comes after the end", `${text}${lines[1]}\n`, 5, "after the end"],
    ["is a second header", `${lines.slice(0, 2).join("\n")}\n${lines[0]}\n`, 3, '"header"'],
    ["is the first, and empty", "\n", 1, "it is empty"],
    ["is from another program", '{"level":"info"}\n', 1, "not the header of a recording"],
    [
      "is a header that lacks its kernel",
      withLine(1, (lines[0] ?? "").replace('"node"', '"n"')),
      1,
      "node: is missing",
    ],
  ])("is refused, with the line's number, when a line %s", (_, damaged, number, words) => {
    const error = refusal(() => parseRecording(damaged, "a.ndjson"));
    expect(error.line).toBe(number);
    expect(error.file).toBe("a.ndjson");
    expect(error.message).toContain(`a.ndjson line ${number}: `);
    expect(error.message).toContain(words);
  });

  test("of another format is refused, and the error names the formats", () => {
    const newer = withLine(1, (lines[0] ?? "").replace("lastack-recording/2", "lastack-recording/4"));
    expect(refusal(() => parseRecording(newer, "a.ndjson")).message).toBe(
      'a.ndjson line 1: the format is "lastack-recording/4", but this lastack reads lastack-recording/1, lastack-recording/2 and lastack-recording/3; ' +
        "use the version of lastack that wrote it, or record again",
    );
  });

  test.each([
    ["", "a.ndjson is empty: the trial was cut off before it wrote anything; record again"],
    ['{"kind":"hea', "a.ndjson line 1: it was cut off, so the recording has no header; record again"],
  ])("that consists only of %j is refused", (start, message) => {
    expect(refusal(() => parseRecording(start, "a.ndjson")).message).toBe(message);
  });
});

describe("a file", () => {
  test("that does not exist", () => {
    const path = join(folder, "none.ndjson");
    expect(refusal(() => readRecording(path)).message).toBe(
      `cannot read the recording ${path}: there is no such file (ENOENT); recordings are under results/runs`,
    );
  });

  test("that is a folder", () => {
    expect(refusal(() => readRecording(folder)).message).toContain(
      "it is a folder (EISDIR); name one of the .ndjson files",
    );
  });

  test.each([
    ["/dev/zero", "a device"],
    ["a pipe to which nobody writes", "a pipe"],
  ])("that is no regular file is refused before it is read: %s", (name, kind) => {
    const path = kind === "a pipe" ? join(folder, "pipe.ndjson") : name;
    if (kind === "a pipe") execFileSync("mkfifo", [path]);
    expect(refusal(() => readRecording(path)).message).toBe(
      `cannot read the recording ${path}: it is not a regular file, but ${kind}; name a .ndjson file that lastack wrote`,
    );
  });

  test.each([
    [600, "it is larger than 512 MiB, and lastack reads no more; check the path"],
    [100, "line 1: it is longer than 16 MiB, and no line of a recording is"],
  ])("of %d MiB of zeros is refused, and little of it is read", (mebibytes, words) => {
    const path = join(folder, `${mebibytes}.ndjson`);
    writeFileSync(path, "");
    truncateSync(path, mebibytes * 1024 * 1024);
    expect(refusal(() => readRecording(path)).message).toContain(words);
  });

  test("whose lines are longer than what is read at once is read whole", () => {
    const lastLines = Array.from({ length: 3000 }, (_, nth) => `${nth}`.repeat(200));
    const failed: Sample = {
      ...at(7),
      kind: "program",
      program: "server",
      event: "failed",
      pid: null,
      lastLines,
    };
    const path = join(folder, "long.ndjson");
    const long = handMade([failed, countersAt(at(8), "röuter", { TcpPassiveOpens: 97 }), failed, failed]);
    writeFileSync(path, recordingText(long));
    expect(readRecording(path)).toEqual(long);
  });

  test("with bytes that are not UTF-8 is refused, unless they are in the last line, which was cut off", () => {
    const path = join(folder, "bytes.ndjson");
    const broken = Buffer.from(text.replace("TcpPassiveOpens", "TcpPassiveOpen§"));
    broken[broken.indexOf("§")] = 0xff;
    writeFileSync(path, broken);
    expect(refusal(() => readRecording(path)).message).toContain(
      `${path} line 3: it has bytes that are not UTF-8`,
    );
    writeFileSync(path, broken.subarray(0, broken.indexOf(0xff) + 1));
    expect(readRecording(path)).toMatchObject({ cutOff: expect.stringContaining("line 2") });
  });
});

const state = fc.constantFrom(...TCP_STATES);
const moment = fc.record({
  atUs: fc.nat(),
  phase: fc.constantFrom("setup" as const, "load" as const, "drain" as const, "end" as const),
});
const host = fc.constantFrom("client", "server", "röuter\n");
const groups = fc.array(
  fc.tuple(state, fc.nat(997)).map(([of, count]) => group(of, "listener", count)),
  { maxLength: 4 },
);
const names = fc.string().filter((name) => name !== "__proto__");
const sample: fc.Arbitrary<Sample> = fc.oneof(
  fc.tuple(moment, host, groups).map(([when, where, some]) => socketsAt(when, where, some)),
  fc
    .tuple(moment, host, fc.dictionary(names, fc.integer()))
    .map(([when, where, deltas]) => countersAt(when, where, { ...deltas })),
  fc.tuple(moment, host, fc.nat(9)).map(([when, where, queue]) => listenerAt(when, where, queue, 4)),
  fc
    .tuple(moment, fc.nat(), fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })))
    .map(([when, nth, connectMs]) =>
      attemptAt(when, nth, {
        connectMs,
        outcome: { phase: "connect", code: "EADDRNOTAVAIL", call: "connect" },
      }),
    ),
  fc.tuple(moment, fc.array(fc.string({ unit: "binary" }))).map(([when, lastLines]): Sample => ({
    ...when,
    kind: "program",
    program: "server",
    event: "failed",
    pid: null,
    lastLines,
  })),
  fc
    .tuple(moment, fc.boolean())
    .map(([when, met]): Sample => ({ ...when, kind: "phase", event: "end", met })),
);
const recording: fc.Arbitrary<Recording> = fc
  .array(sample, { maxLength: 8 })
  .map((samples) => handMade(samples));

/** The recording after a round trip through JSON: -0 becomes 0. */
function plain(value: Recording): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("for any recording", () => {
  test("reading returns what was written", () => {
    let nth = 0;
    fc.assert(
      fc.property(recording, (written) => {
        const path = join(folder, `any/${(nth += 1)}.ndjson`);
        const writer = openRecording(path, written.header);
        for (const one of written.samples) writer.append(one);
        writer.close();
        expect(plain(readRecording(path))).toEqual(plain(written));
        expect(plain(readOwnRecording(path))).toEqual(plain(written));
      }),
      { numRuns: 50 },
    );
  });

  test("readOwnRecording also requires complete lines of JSON", () => {
    const path = join(folder, "own.ndjson");
    const lines = recordingText(fc.sample(recording, { numRuns: 1, seed: 7 })[0]!)
      .trimEnd()
      .split("\n");
    writeFileSync(path, `${lines[0]}\n{"kind":\n`);
    expect(refusal(() => readOwnRecording(path)).message).toContain("line 2: it is not JSON");
    writeFileSync(path, '{"kind":"note"}\n');
    expect(refusal(() => readOwnRecording(path)).message).toContain("line 1: it is not the header");
    writeFileSync(path, `${lines[0]}\n{"kind":"e`);
    expect(readOwnRecording(path).cutOff).toContain("its last line was cut off");
  });

  test("after any truncation it is read up to the last complete line, and cutOff is set", () => {
    fc.assert(
      fc.property(recording, fc.nat(), (written, somewhere) => {
        const whole = recordingText(written);
        const headerLength = recordingLine(written.header, new Seal()).length;
        const length = headerLength + (somewhere % (whole.length - headerLength));
        const read = parseRecording(whole.slice(0, length), "cut.ndjson");
        const kept = whole.slice(0, length).split("\n").length - 2;
        expect(read.samples).toHaveLength(kept);
        expect(plain(read)).toMatchObject({ samples: (plain(written) as Recording).samples.slice(0, kept) });
        expect(read.cutOff).not.toBeNull();
      }),
    );
  });

  test("a truncated header is refused", () => {
    const whole = recordingLine(plainHeader(), new Seal());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(refusal(() => parseRecording(whole.slice(0, length), "cut.ndjson")).line).toBe(1);
      }),
    );
  });

  test("a changed byte of an unsealed one is refused with its line's number, or the result is valid and as long", () => {
    const bytes = fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== 0x0a);
    const path = join(folder, "changed.ndjson");
    fc.assert(
      fc.property(recording, fc.nat(), bytes, (written, somewhere, byte) => {
        const whole = Buffer.from(withoutSeals(recordingText(written)));
        const place = somewhere % (whole.length - 1);
        if (whole[place] === 0x0a) return;
        whole[place] = byte;
        writeFileSync(path, whole);
        const line = whole.subarray(0, place).toString("latin1").split("\n").length;
        try {
          const read = readRecording(path);
          expect(read.samples).toHaveLength(written.samples.length);
          expect(parseRecording(recordingText(read), "again")).toEqual({ ...read, sealed: true });
        } catch (error) {
          expect(error).toBeInstanceOf(RecordingError);
          expect((error as RecordingError).line).toBe(line);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("an incomplete line before the last line is refused", () => {
    fc.assert(
      fc.property(recording, fc.nat(), (written, somewhere) => {
        fc.pre(written.samples.length > 1);
        const all = recordingText(written).split("\n").slice(0, -1);
        const torn = 1 + (somewhere % (all.length - 2));
        const half = (all[torn] ?? "").slice(0, (all[torn] ?? "").length >> 1);
        const joined = all.map((line, nth) => (nth === torn ? half : line)).join("\n");
        expect(refusal(() => parseRecording(`${joined}\n`, "torn.ndjson")).line).toBe(torn + 1);
      }),
    );
  });
});

test("an end before the last line is refused, with the number of the line after it", () => {
  const early = recordingText({
    header: plainHeader(),
    samples: [completed(), completed()],
    cutOff: null,
    sealed: true,
  });
  expect(refusal(() => parseRecording(early, "a.ndjson")).line).toBe(3);
});
