import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { at, countersAt, plainHeader } from "./hand-made.fixture.ts";
import { readRecording } from "./read.ts";
import { refusal } from "./refusal.fixture.ts";
import { openRecording } from "./write.ts";

// A disk with room for this many more bytes. Then it is full, as in write(2): it takes a part of the line, then fails with ENOSPC.
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, atOnce: Number.POSITIVE_INFINITY }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (fd: number, bytes: Buffer, offset: number): number => {
    const length = Math.min(bytes.length - offset, disk.room, disk.atOnce);
    if (length === 0)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    disk.room -= length;
    return real.writeSync(fd, bytes, offset, length);
  };
  return { ...real, writeSync };
});

let folder = "";
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "lastack-write-"));
  disk.room = disk.atOnce = Number.POSITIVE_INFINITY;
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const sample = countersAt(at(10), "server", { TcpPassiveOpens: 97 });

test("a recording makes its folders, and every line is on disk when append returns", () => {
  const path = join(folder, "run/close-wait-leak/buggy.ndjson");
  const writer = openRecording(path, plainHeader());
  writer.append(sample);
  expect(readRecording(path).samples).toEqual([sample]);
  writer.close();
  writer.close();
  expect(refusal(() => writer.append(sample)).message).toContain("already closed");
});

test("an existing file is not overwritten", () => {
  const path = join(folder, "buggy.ndjson");
  fs.writeFileSync(path, "mine");
  const error = refusal(() => openRecording(path, plainHeader()));
  expect(error.message).toBe(
    `cannot make the recording ${path}: something with that name already exists, and lastack overwrites nothing (EEXIST); ` +
      "move it away, or choose another folder with --out",
  );
  expect(fs.readFileSync(path, "utf8")).toBe("mine");
});

test("when a file has the name of a needed folder, the error says so", () => {
  fs.writeFileSync(join(folder, "run"), "");
  const error = refusal(() => openRecording(join(folder, "run/a/b.ndjson"), plainHeader()));
  expect(error.message).toContain("a part of the path is a file and not a folder (ENOTDIR)");
});

describe("a disk that becomes full", () => {
  test("in the middle of a line leaves a recording that is readable up to its last complete line", () => {
    const path = join(folder, "buggy.ndjson");
    const writer = openRecording(path, plainHeader());
    writer.append(sample);
    disk.room = 20;
    const error = refusal(() => writer.append(sample));
    expect(error.message).toBe(
      `cannot continue the recording ${path}: no space is left on that disk (ENOSPC); ` +
        "free some, or choose another folder with --out",
    );
    disk.room = Number.POSITIVE_INFINITY;
    expect(
      refusal(() => writer.append(sample)),
      "there is space again, but the file ends in half a line",
    ).toBe(error);
    writer.close();
    expect(readRecording(path)).toMatchObject({
      samples: [sample],
      cutOff: "its last line was cut off; it was read to line 2, the last complete one",
    });
  });

  test("between two lines leaves a recording without its end", () => {
    const path = join(folder, "buggy.ndjson");
    const writer = openRecording(path, plainHeader());
    disk.room = 0;
    refusal(() => writer.append(sample));
    writer.close();
    expect(readRecording(path).cutOff).toBe("the trial did not write its end; the last line is 1");
  });

  test("in the header leaves no file", () => {
    const path = join(folder, "buggy.ndjson");
    disk.room = 20;
    expect(refusal(() => openRecording(path, plainHeader())).message).toContain(
      `cannot write the recording ${path}`,
    );
    expect(fs.existsSync(path)).toBe(false);
  });
});

test("after a partial write the rest is written", () => {
  const path = join(folder, "buggy.ndjson");
  const writer = openRecording(path, plainHeader());
  const whole = countersAt(at(10), "server", { "a name with a § in it": 1 });
  disk.atOnce = 7;
  writer.append(whole);
  writer.close();
  expect(readRecording(path).samples).toEqual([whole]);
});
