import { describe, expect, test } from "vitest";
import { diagnose } from "../diagnosis/diagnose.ts";
import {
  closeWait,
  examination,
  exhaustion,
  family,
  hidden,
  idle,
  leak,
  patient,
  resets,
  slow,
  withExample,
} from "../diagnosis/hand-made.fixture.ts";
import { group } from "../recording/hand-made.fixture.ts";
import { diagnosisJson, inWords, reportDiagnosis } from "./doctor.ts";

const EVERYTHING = { port: null, pid: null };
const server = family(7, "server", [8080]);
const options = { colour: false, columns: 100 };

test("a finding says where, what was seen and why, one socket, the cure, the reproducer and the page", () => {
  const looked = examination([patient(server, [withExample(closeWait(97), { pids: [7, 9] })])]);
  const text = reportDiagnosis(diagnose([leak, resets, hidden], looked, EVERYTHING), looked, options);
  expect(text.split("\n")).toEqual([
    "Looked 4 times in 3.0 s at server (pid 7).",
    "",
    "✗ leak: What leak is",
    "where     server (pid 7); the sockets are held by pid 9",
    "seen      97 CLOSE-WAIT sockets in every sample from 0.00 s to 3.00 s, held by node (pid 7, of",
    "          server) and a process (pid 9)",
    "          because nobody closes",
    "example   CLOSE-WAIT 0 0 192.0.2.2:8080 192.0.2.1:40001 ino:4711 pid 7, 9",
    "cure      the cure of leak (fixed)",
    "try it    lastack run leak",
    "read      experiments/leak/README.md",
    "",
    "Found: leak.",
    "Ruled out: resets.",
    "One host cannot show: hidden.",
  ]);
});

test("a remark says why it is no finding, and nothing was found", () => {
  const looked = examination([patient(server, [group("ESTABLISHED", "listener", 23)])]);
  const text = reportDiagnosis(diagnose([leak, idle], looked, EVERYTHING), looked, options);
  expect(text).toContain("\nremark: idle: What idle is\nwhere     server (pid 7)\n");
  expect(text).toContain("\nbut       a healthy one looks the same\n");
  expect(text).toContain("\nNothing found.\nRuled out: leak.");
});

test("what could not be judged is said with its reason, once for several modes, and what could not be seen", () => {
  const looked = examination([patient(server, [closeWait(23, { owner: "unseen" })])], {
    unseenSockets: 23,
    unread: [
      { pid: 7, name: "server" },
      { pid: 8, name: "server" },
    ],
  });
  const modes = [leak, { ...leak, id: "other" }, slow, exhaustion];
  const text = reportDiagnosis(diagnose(modes, looked, EVERYTHING), looked, options);
  expect(text).toContain("Nothing found, but not everything could be judged.");
  expect(text.replaceAll("\n", " ")).toContain(
    "Not judged: leak, other on server (pid 7): it depends on who holds 23 sockets, and that process is not visible; it is so if only the listening process or one that does not listen does.",
  );
  expect(text.replaceAll("\n", " ")).toContain(
    "Not visible: the descriptors of 2 processes (server); who holds 23 sockets, and the descriptors of these processes. Run this as root to see them.",
  );
});

test("nothing that has a socket is no clean bill of health", () => {
  const looked = examination([]);
  const text = reportDiagnosis(diagnose([leak], looked, EVERYTHING), looked, options);
  expect(text).toContain("at nothing that has a TCP socket");
  expect(text).toContain("Nothing was examined: no TCP socket is here.");
});

describe("a subject in words", () => {
  test.each([
    [server, "server (pid 7)"],
    [{ kind: "namespace", name: "here" }, "this network namespace, whose processes share the counters"],
    [
      { kind: "remains", name: "x", side: "listener", port: 80, isHeld: false },
      "port 80, on which nobody listens",
    ],
    [
      { kind: "remains", name: "x", side: "listener", port: 80, isHeld: true },
      "port 80, whose process is not visible",
    ],
    [
      { kind: "remains", name: "x", side: "connector", port: 80, isHeld: false },
      "connections to port 80 that no process holds",
    ],
    [
      { kind: "remains", name: "x", side: "connector", port: 80, isHeld: true },
      "connections to port 80 of a process that is not visible",
    ],
  ] as const)("%j", (subject, words) => {
    expect(inWords({ ...subject, pids: [], ports: [] } as never)).toBe(words);
  });
});

test("JSON has the findings with their evidence, the remarks, and all that could not be said", () => {
  const looked = examination([patient(server, [closeWait(23), group("ESTABLISHED", "listener", 23)])]);
  const json = diagnosisJson(diagnose([leak, idle, slow, hidden, resets], looked, EVERYTHING), looked);
  expect(json).toMatchObject({
    asked: EVERYTHING,
    seconds: 3,
    looks: 4,
    examined: [{ subject: { name: "server-7", pid: 7 }, isOtherEnd: false }],
    findings: [
      {
        mode: "leak",
        subject: { pid: 7 },
        evidence: [{ because: "nobody closes" }],
        sockets: { count: 23 },
        fix: { fixed: "the cure of leak" },
        reproduce: "lastack run leak",
        page: "experiments/leak/README.md",
      },
    ],
    remarks: [{ mode: "idle", but: "a healthy one looks the same" }],
    undecided: [{ mode: "slow" }],
    ruledOut: ["resets"],
    invisible: [{ mode: "hidden", because: "nothing shows it" }],
    notVisible: { processes: [], sockets: 0 },
  });
});
