import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordingText } from "../recording/line.ts";
import { parseRecording } from "../recording/read.ts";
import type { FailureMode } from "../model/experiment.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { anyExamination } from "./arbitrary.fixture.ts";
import { diagnose } from "./diagnose.ts";
import { closeWait, examination, exhaustion, family, leak, patient, resets } from "./hand-made.fixture.ts";
import { examinationOf, type Origin, recordingOf } from "./recorded.ts";

const EVERYTHING = { port: null, pid: null };
const origin: Origin = {
  kernel: { release: "6.18.0", machine: "x64" },
  node: "v20.20.2",
  bootId: "b",
  originUs: 7,
  startedAt: "2026-03-01T12:00:00.000Z",
};
const catalogue = (await loadCatalogue())
  .map(({ experiment }) => experiment)
  .filter((one): one is FailureMode => one.kind === "failure-mode");

describe("an examination, written and read again", () => {
  test("is the same, and so is its diagnosis by every mode of the catalogue", () => {
    expect(catalogue.length).toBeGreaterThan(30);
    fc.assert(
      fc.property(anyExamination, fc.constantFrom(null, 80, 8080), (looked, port) => {
        const asked = { port, pid: null };
        const text = recordingText(recordingOf(looked, { asked, origin }));
        const read = examinationOf(parseRecording(text, "doctor.ndjson"));
        expect(read).toEqual({ examination: looked, asked, isRedacted: false });
        expect(diagnose(catalogue, read?.examination ?? looked, asked)).toEqual(
          diagnose(catalogue, looked, asked),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("has the subjects as its hosts, and each one's view as that host's", () => {
    const server = family(7, "server", [8080]);
    const { header, samples } = recordingOf(examination([patient(server, [closeWait(23)])]), {
      asked: EVERYTHING,
      origin,
    });
    expect(Object.keys(header.setup.hosts)).toEqual(["server-7", "here"]);
    expect(samples.filter((one) => one.kind === "sockets" && one.host === "server-7")).toHaveLength(4);
    expect(samples.at(-1)).toMatchObject({ kind: "end", reason: "completed" });
    expect(samples.map(({ atUs }) => atUs)).toEqual(
      samples.map(({ atUs }) => atUs).toSorted((a, b) => a - b),
    );
  });
});

test("a recording that was cut off rules nothing out", () => {
  const looked = examination([patient(family(7, "server", [8080]), [closeWait(23)])]);
  const lines = recordingText(recordingOf(looked, { asked: EVERYTHING, origin })).split("\n");
  const read = examinationOf(parseRecording(`${lines.slice(0, -2).join("\n")}\n`, "doctor.ndjson"));
  const { found, ruledOut, undecided } = diagnose(
    [leak, exhaustion, resets],
    read?.examination ?? looked,
    EVERYTHING,
  );
  expect([found, ruledOut]).toEqual([[], []]);
  expect(undecided.map(({ mode }) => mode.id)).toEqual(["leak", "exhaustion", "resets"]);
  expect(undecided[1]?.because).toMatch(/^the recording is not whole: the trial did not write its end/);
});
