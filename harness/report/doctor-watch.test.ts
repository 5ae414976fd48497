import { describe, expect, test } from "vitest";
import { diagnose } from "../diagnosis/diagnose.ts";
import { closeWait, examination, family, leak, patient } from "../diagnosis/hand-made.fixture.ts";
import { changeJson, changeLine, endLine, nowLine, watchingLine } from "./doctor-watch.ts";

const server = family(7, "server", [8080]);
const looked = examination([patient(server, [closeWait(23)])]);
const diagnosis = diagnose([leak], looked, { port: null, pid: null });
const [one] = diagnosis.found as [(typeof diagnosis.found)[number]];

test("the first line says who is watched, at most seven by name", () => {
  expect(watchingLine([server])).toBe("watching server (pid 7)");
  expect(watchingLine([])).toBe("watching nothing: no TCP socket is here");
  const many = Array.from({ length: 9 }, (_, nth) => family(nth, "server"));
  expect(watchingLine(many)).toMatch(/server \(pid 6\), and 2 more$/);
  const left = { kind: "remains", name: "port-80", side: "listener", port: 80, isHeld: false } as const;
  expect(watchingLine([left, server])).toBe("watching server (pid 7), port 80, on which nobody listens");
});

describe("a change", () => {
  test.each([
    [{ event: "found", one }, "✗ found leak at server (pid 7): 23 CLOSE-WAIT sockets in every sample"],
    [{ event: "gone", one, seenMs: 125_000 }, "✓ gone  leak at server (pid 7), seen for 2 min 5 s"],
    [{ event: "gone", one, seenMs: 3_720_000 }, "✓ gone  leak at server (pid 7), seen for 1 h 2 min"],
    [{ event: "starved", because: "it is late" }, "? it is late. What is not seen cannot be ruled out."],
    [{ event: "in time" }, "the samples are in time again"],
  ] as const)("%# is one line, and a document", (change, line) => {
    expect(changeLine(change, false).startsWith(line)).toBe(true);
    expect(changeLine(change, false)).not.toContain("\n");
    expect(changeJson(change)).toMatchObject({ event: change.event });
  });

  test("as a document has the evidence, and how long it was seen", () => {
    expect(changeJson({ event: "found", one })).toMatchObject({
      mode: "leak",
      evidence: [{ because: "nobody closes" }],
      sockets: { count: 23 },
    });
    expect(changeJson({ event: "gone", one, seenMs: 4135 })).toMatchObject({
      mode: "leak",
      seenSeconds: 4.135,
    });
  });
});

test("the line of now says what is found, and that the machine is starved", () => {
  expect(nowLine(diagnosis, { lack: null }, [])).toBe("watching 1 program; nothing found. Ctrl+C ends it.");
  expect(nowLine(diagnosis, { lack: "late" }, [one])).toBe(
    "watching 1 program; found: leak at server (pid 7); the machine is starved. Ctrl+C ends it.",
  );
});

describe("the last line", () => {
  test.each([
    [0, 0, [], "nothing found"],
    [0, 0, ["leak"], "nothing found; at the end, not judged: leak"],
    [0, 0, null, "too short to judge anything"],
    [1, 0, ["leak"], "something found once"],
    [3, 2, [], "something found 3 times; 2 still there"],
  ])(
    "after %i findings, %i of them standing, and with %j not judged",
    (found, standing, undecided, words) => {
      expect(endLine({ seconds: 62, found, standing, undecided })).toBe(`watched for 1 min 2 s: ${words}`);
    },
  );
});
