import { describe, expect, test } from "vitest";
import { diagnose } from "../diagnosis/diagnose.ts";
import { exhaustion, leak, resets } from "../diagnosis/hand-made.fixture.ts";
import { readEvidence } from "../diagnosis/saved/evidence.ts";
import { examineSaved } from "../diagnosis/saved/patients.ts";
import { reportDiagnosis } from "./doctor.ts";
import { neededFor } from "./saved.ts";

const rows = (count: number, columns = ""): string =>
  Array.from(
    { length: count },
    (_, nth) =>
      `CLOSE-WAIT 0 0 192.0.2.2:8080 192.0.2.1:${40_000 + nth} ${columns.replace("INODE", String(5000 + nth))}`,
  ).join("\n");
const LISTEN = 'LISTEN 0 5 192.0.2.2:8080 0.0.0.0:* users:(("server",pid=7,fd=3)) ino:4711';
const HELD = 'users:(("server",pid=7,fd=9)) ino:INODE';

function printed(texts: string[], intervalS: number | null): string[] {
  const files = texts.map((text, nth) => ({ name: `look.${nth + 1}`, text, writtenMs: null }));
  const looked = examineSaved(readEvidence(files, intervalS));
  const diagnosis = diagnose([leak, resets, exhaustion], looked, { port: null, pid: null });
  return reportDiagnosis(diagnosis, looked, { colour: false, columns: 100 }).split("\n");
}

test("two looks with every column are judged as a live host is, and nothing is ruled out", () => {
  const look = `$ ss -tanoiemp\n${LISTEN}\n${rows(23, HELD)}\n`;
  expect(printed([look, look], 3)).toEqual([
    "Read 2 looks in 3.0 s, by --interval, of server (pid 7).",
    "",
    "✗ leak: What leak is",
    "where     server (pid 7)",
    "seen      23 CLOSE-WAIT sockets in every sample from 0.00 s to 3.00 s, held by server (pid 7)",
    "          because nobody closes",
    "example   CLOSE-WAIT 0 0 192.0.2.2:8080 192.0.2.1:40000 ino:5000 pid 7",
    "likely    sockets show it in 2 samples",
    "but       only 2 samples were taken",
    "cure      program: the cure of leak (fixed)",
    "try it    lastack run leak",
    "read      experiments/leak/README.md",
    "",
    "Found: leak.",
    "Not judged: resets: needs the counters, twice (nstat -az).",
    "Not seen: exhaustion.",
  ]);
});

test("one look without columns accuses nobody; what fits comes with what would tell", () => {
  expect(
    printed([`LISTEN 0 5 192.0.2.2:8080 0.0.0.0:*\n${rows(23)}\nESTAB 0 0 web:https 192.0.2.1:7\n`], null),
  ).toEqual([
    "Read one look, which shows no time, of port 8080, whose process is not visible.",
    "",
    "Nothing found, but not everything could be judged.",
    "Looked at: 23 CLOSE-WAIT (listening end), 1 LISTEN. The fullest accept queue held 0 of 5 (port",
    "8080).",
    "These fit what was read, and so may a healthy program. What would tell:",
    "? leak: needs the same again, some seconds later; the holder of the socket (ss -p, as root)",
    "Not judged: resets: needs the counters, twice (nstat -az).",
    "Not seen: exhaustion.",
    "Not read: one line.",
    "look.1:25: web:https is not an address with a port in digits: use ss -n: ESTAB 0 0 web:https",
    "192.0.2.1:7",
  ]);
});

test("other sockets in the second look are no stay", () => {
  const [first, second] = [HELD, HELD].map(
    (held, nth) =>
      `$ ss -tanoiemp\n${LISTEN}\n${rows(23, held).replaceAll("192.0.2.1:4", `192.0.2.1:${nth + 4}`)}\n`,
  );
  expect(printed([first ?? "", second ?? ""], 3)).toContain(
    "? leak: needs the same again, some seconds later",
  );
});

describe("what a mode needs, in words", () => {
  test.each([
    [
      ["holder", "processes"],
      "the holder of the socket (ss -p, as root); what only /proc shows of a process (lastack doctor on that host)",
    ],
    [["backlog"], "the limit of the listener's queue (ss -l; netstat does not show it)"],
    [[], "more: it was not read"],
  ])("%j", (lacks, words) => {
    expect(neededFor({ lacks, because: "it was not read" })).toBe(words);
  });
});
