import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { at, countersAt, group, handMade, plainHeader, socketsAt } from "./hand-made.fixture.ts";
import { recordingText } from "./line.ts";
import { parseRecording, readRecording } from "./read.ts";
import { RecordingError } from "./recording-error.ts";

/** A sealed recording of any length. Some of its samples are equal. */
const sealed = fc
  .array(fc.tuple(fc.nat(3), fc.constantFrom("röuter", "server")), { minLength: 2, maxLength: 12 })
  .map((rows) =>
    recordingText(
      handMade(
        rows.map(([count, host], nth) =>
          count === 3
            ? socketsAt(at(nth), host, [group("CLOSE-WAIT", "listener", 97)])
            : countersAt(at(7), host, { TcpPassiveOpens: count }),
        ),
      ),
    ),
  );

const folder = mkdtempSync(join(tmpdir(), "lastack-seal-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The number of the line at which reading stops; "cut off" for a recording without its end, "whole" when nothing was noticed. */
function noticed(content: string | Buffer): number | "cut off" | "whole" {
  const path = join(folder, "a.ndjson");
  writeFileSync(path, content);
  try {
    return readRecording(path).cutOff === null ? "whole" : "cut off";
  } catch (error) {
    if (error instanceof RecordingError && error.line !== null) return error.line;
    throw error;
  }
}

function joined(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

describe("of a sealed recording", () => {
  test("nothing is noticed while it is as it was written", () => {
    fc.assert(
      fc.property(sealed, (text) => {
        expect(noticed(text)).toBe("whole");
        expect(parseRecording(text, "a.ndjson").sealed).toBe(true);
      }),
    );
  });

  test("deleted lines are noticed, and the number is that of the line that moved up", () => {
    fc.assert(
      fc.property(sealed, fc.nat(), fc.integer({ min: 1, max: 3 }), (text, somewhere, count) => {
        const lines = text.trimEnd().split("\n");
        const first = somewhere % lines.length;
        const left = lines.toSpliced(first, count);
        const expected = first === 0 ? 1 : first === left.length ? "cut off" : first + 1;
        expect(noticed(joined(left))).toBe(expected);
      }),
    );
  });

  test("swapped lines are noticed, at the first of them", () => {
    fc.assert(
      fc.property(sealed, fc.nat(), fc.nat(), (text, a, b) => {
        const lines = text.trimEnd().split("\n");
        const [first, second] = [a % lines.length, b % lines.length].toSorted((one, other) => one - other);
        fc.pre(first !== second);
        const other = lines.with(first!, lines[second!]!).with(second!, lines[first!]!);
        expect(noticed(joined(other))).toBe(first! + 1);
      }),
    );
  });

  test("a line that is there twice is noticed", () => {
    fc.assert(
      fc.property(sealed, fc.nat(), fc.nat(), (text, a, b) => {
        const lines = text.trimEnd().split("\n");
        const place = 1 + (b % lines.length);
        const number = noticed(joined(lines.toSpliced(place, 0, lines[a % lines.length]!)));
        expect([place + 1, place + 2]).toContain(number);
      }),
    );
  });

  test("a changed, deleted or added byte is noticed", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(sealed, fc.nat(), byte, fc.constantFrom("change", "delete", "add"), (text, at, to, how) => {
        const bytes = Buffer.from(text);
        const place = at % bytes.length;
        fc.pre(how !== "change" || bytes[place] !== to);
        const put = how === "delete" ? [] : [to];
        const after = Buffer.concat([
          bytes.subarray(0, place),
          Buffer.from(put),
          bytes.subarray(how === "add" ? place : place + 1),
        ]);
        const line = bytes.subarray(0, place).toString("latin1").split("\n").length;
        expect([line, line + 1, "cut off"]).toContain(noticed(after));
      }),
      { numRuns: 2000 },
    );
  });

  test("lines of another recording are noticed", () => {
    const [one, other] = [1, 2].map((originUs) =>
      recordingText({
        ...handMade([countersAt(at(1), "server", { TcpPassiveOpens: 1 })]),
        header: plainHeader({ originUs }),
      }),
    );
    expect(noticed(joined([...one!.split("\n").slice(0, 1), ...other!.trimEnd().split("\n").slice(1)]))).toBe(
      2,
    );
  });
});
