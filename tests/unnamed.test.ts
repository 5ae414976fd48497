import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exactly, fact, socketsAtEndOf, statesPassed } from "../harness/experiment.ts";
import {
  at,
  exampleOf,
  group,
  handMade,
  packetAt,
  plainSetup,
  socketsAt,
} from "../harness/recording/hand-made.fixture.ts";
import { readRecording } from "../harness/recording/read.ts";
import { RecordingError } from "../harness/recording/recording-error.ts";
import { thin } from "../harness/recording/thin.ts";
import { openRecording } from "../harness/recording/write.ts";
import { ladder } from "../harness/report/ladder.ts";
import { summaryCsv } from "../harness/report/summary.ts";
import { reportExperiment } from "../harness/report/text.ts";
import { judgeVariant } from "../harness/verdict/judge.ts";

// Values of a later kernel for which lastack has no name are written, read back, judged and printed like all others.

const held = { host: "server", state: "CLOSE-WAIT" } as const;
const experiment = fact({
  id: "later",
  title: "A kernel that came later",
  question: "What does it say?",
  tags: [],
  variants: {
    only: {
      summary: "a timer and a state without a name",
      setup: plainSetup(),
      exact: [
        socketsAtEndOf("drain", held, exactly(97)).because("nobody closes"),
        socketsAtEndOf("drain", { ...held, timer: "none" }, exactly(97)).because("no timer ends it"),
        statesPassed({ host: "server" }, ["ESTABLISHED"]).because("it was accepted"),
      ],
    },
  },
});

const end = exampleOf({ timerMs: 40 });
const recording = handMade([
  socketsAt(at(1), "client", []),
  packetAt(at(1), "client", ["SYN"]),
  packetAt(at(2), "server", ["SYN", "ACK"]),
  socketsAt(at(3), "server", [group("ESTABLISHED", "listener", 1, { examples: [end] })]),
  socketsAt(at(5), "server", [group("ESTABLISHED", "listener", 1, { state: "unknown-14", examples: [end] })]),
  socketsAt(at(900, "drain"), "server", [
    group("CLOSE-WAIT", "listener", 50, { timer: "delack" }),
    group("CLOSE-WAIT", "listener", 47, { timer: "unknown-6" }),
  ]),
]);

function written(): string {
  const folder = mkdtempSync(join(tmpdir(), "lastack-unnamed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "later/only.ndjson");
  const writer = openRecording(path, recording.header);
  for (const sample of recording.samples) writer.append(sample);
  writer.close();
  return path;
}

test("a recording of a later kernel is read back, judged and printed", () => {
  const path = written();
  const read = readRecording(path);
  expect(read).toEqual(recording);
  expect(thin(read).samples).toHaveLength(recording.samples.length);

  const verdict = judgeVariant(experiment, "only", read);
  expect(verdict.findings.map(({ outcome }) => outcome)).toEqual(["confirmed", "inconclusive", "refuted"]);
  expect(verdict.findings[1]!.observed).toContain("50 CLOSE-WAIT sockets");
  expect(verdict.findings[1]!.observed).toContain(
    "unknown-6, which has no name here, are counted: 97 CLOSE-WAIT sockets",
  );
  expect(verdict.findings[2]!.observed).toContain("unknown-14");

  const result = { variant: "only", recording: read, verdict, path, seconds: 1 };
  const text = reportExperiment(experiment, [result], { columns: 100, colour: false });
  expect(text).toMatch(/server listener CLOSE-WAIT .*97 → 97[^]*server listener unknown-14 .*1 → 0/);
  expect(ladder(read, { columns: 100 })).toContain("unknown-14");
  expect(summaryCsv(read)).toContain("0.900,server,listener,,CLOSE-WAIT sockets,97");
});

test("a state or a timer that is neither a name nor a number counts as damage", () => {
  const path = written();
  const text = readFileSync(path, "utf8");
  for (const wrong of ["unknown-", "unknown-x", "unknown--6", "unknown-1.5", "delayed"]) {
    writeFileSync(path, text.replace("unknown-6", wrong));
    expect(() => readRecording(path)).toThrow(RecordingError);
  }
});
