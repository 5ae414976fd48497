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
import type { Signs } from "../model/advice.ts";
import type { Fact, FailureMode } from "../model/experiment.ts";
import { group } from "../recording/hand-made.fixture.ts";
import { diagnosisJson, inWords, reportDiagnosis } from "./doctor.ts";

const EVERYTHING = { port: null, pid: null };
const server = family(7, "server", [8080]);
const options = { colour: false, columns: 100 };
const seenIn = (en: string): Signs => ({ zh: "漏", seen: ["SYN-SENT"], mark: { en, zh: "漏" } });

test("a finding says where, what was seen and why, one socket, how sure it is, the cure, the reproducer and the page", () => {
  const looked = examination([patient(server, [withExample(closeWait(97), { pids: [7, 9] })])]);
  const text = reportDiagnosis(diagnose([leak, resets, hidden], looked, EVERYTHING), looked, options);
  expect(text.split("\n")).toEqual([
    "Looked 4 times in 3.0 s at server (pid 7).",
    "",
    "✗ leak: What leak is",
    "where     server (pid 7); the sockets are held by pid 9",
    "command   ./server",
    "seen      97 CLOSE-WAIT sockets in every sample from 0.00 s to 3.00 s, held by node (pid 7, of",
    "          server) and a process (pid 9)",
    "          because nobody closes",
    "example   CLOSE-WAIT 0 0 192.0.2.2:8080 192.0.2.1:40001 ino:4711 pid 7, 9",
    "sure      sockets show it in 4 samples",
    "cure      program: the cure of leak (fixed)",
    "try it    lastack run leak",
    "read      experiments/leak/README.md",
    "",
    "Found: leak.",
    "Ruled out: resets.",
    "One host cannot show: hidden.",
  ]);
});

test("a consequence stands under its cause, with what was seen of it and its page", () => {
  const looked = examination([patient(server, [closeWait(97)])]);
  const cause = { ...leak, explains: { exhaustion: { because: "what is never closed becomes many" } } };
  const diagnosis = diagnose([exhaustion, cause], looked, EVERYTHING);
  const lines = reportDiagnosis(diagnosis, looked, options).split("\n");
  const [read, also] = [
    lines.indexOf("read      experiments/leak/README.md"),
    lines.findIndex((line) => line.startsWith("also")),
  ];
  expect(also).toBe(read + 1);
  expect(lines.slice(also, also + 4)).toEqual([
    "also      exhaustion: What exhaustion is. leak explains it: what is never closed becomes many",
    "          seen: 97 CLOSE-WAIT sockets at 0.00 s, the most of 4 samples",
    "          read: experiments/exhaustion/README.md",
    "",
  ]);
  expect(lines.filter((line) => line.startsWith("✗"))).toEqual(["✗ leak: What leak is"]);
  expect(diagnosisJson(diagnosis, looked)).toMatchObject({
    findings: [
      { mode: "leak", cause: null },
      { mode: "exhaustion", cause: { mode: "leak", because: "what is never closed becomes many" } },
    ],
  });
});

test("a remark says why it is no finding, and nothing was found", () => {
  const looked = examination([patient(server, [group("ESTABLISHED", "listener", 23)])]);
  const text = reportDiagnosis(diagnose([leak, idle], looked, EVERYTHING), looked, options);
  expect(text).toContain("\nremark: idle: What idle is\nwhere     server (pid 7)\n");
  expect(text).toContain("\nbut       a healthy one looks the same\n");
  expect(text).toContain("\nNothing found.\nLooked at: 23 ESTABLISHED (listening end).");
  expect(text).toContain("\nRuled out: leak.");
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
    "Not visible: the descriptors of 2 processes (server), and what their threads do; who holds 23 sockets, and the descriptors of these processes. Run this as root, with CAP_SYS_PTRACE, or as their user, to see them.",
  );
});

test("on a starved machine it says so first, and names once what could not be judged on several programs", () => {
  const other = patient(family(9, "other", [5432]), []);
  const lack = "the machine is starved: a sample came 2.00 s late";
  const looked = examination([patient(server, []), other], { lack });
  const text = reportDiagnosis(diagnose([exhaustion, resets], looked, EVERYTHING), looked, options);
  expect(text.replaceAll("\n", " ")).toContain(
    "at server (pid 7), other (pid 9). But the machine is starved: a sample came 2.00 s late. What was not seen cannot be ruled out.",
  );
  expect(text).toContain("\nNothing found, but not everything could be judged.\n");
  expect(text).toContain("\nNot judged: exhaustion, resets.");
  expect(text).not.toContain("Ruled out");
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
    target: EVERYTHING,
    seconds: 3,
    looks: 4,
    examined: [{ subject: { name: "server-7", pid: 7 }, isOtherEnd: false }],
    lookedAt: {
      sockets: [
        { state: "CLOSE-WAIT", side: "listener", count: 23 },
        { state: "ESTABLISHED", side: "listener", count: 23 },
      ],
      queue: null,
      descriptors: { pid: 7, limit: 1024 },
      counters: {},
    },
    findings: [
      {
        mode: "leak",
        subject: { pid: 7 },
        evidence: [{ because: "nobody closes" }],
        sockets: { count: 23 },
        confidence: "sure",
        doubts: [],
        notVisible: [],
        falsifier: [],
        fix: {
          code: [{ what: "the cure of leak", tried: "fixed", setting: null }],
          config: [],
          kernel: [],
        },
        noUse: [],
        wrongAdvice: [],
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

test("a finding that is not certain says what could look the same, folded to a line each; and no advice that does not bind", () => {
  const looked = examination([patient(server, [closeWait(97)])]);
  const advised: FailureMode = {
    ...leak,
    signs: seenIn("the leak is seen"),
    advice: {
      doubt: "a wet floor looks the same: ask the plumber",
      cures: [
        { layer: "kernel", what: "a larger somaxconn", knob: { sysctl: "net.core.somaxconn", unless: "97" } },
        { layer: "configuration", what: "a bucket", knob: "descriptors" },
      ],
      wrong: ["fin-timeout", "restart", "linger-zero"],
    },
  };
  const tear = {
    ...slow,
    id: "tear",
    signs: seenIn("it lasts longer than anybody looks, and then it goes on, and on, and on"),
  };
  const rain: Fact = {
    kind: "fact",
    id: "rain",
    title: "Rain",
    question: "?",
    tags: [],
    variants: {},
    signs: seenIn("it comes from above"),
  };
  for (const { view } of looked.patients) view.sysctls["net.core.somaxconn"] = "97";
  const modes = [advised, { ...resets, signs: seenIn("it is reset") }, tear, rain];
  const text = reportDiagnosis(diagnose(modes, looked, EVERYTHING), looked, { colour: false, columns: 80 });
  expect(text.split("\n").slice(7)).toEqual([
    "likely    sockets show it in 4 samples; ruled out here: resets",
    "but       a wet floor looks the same: ask the plumber",
    "cure      program: the cure of leak (fixed)",
    "          configuration: a bucket",
    "          now node (pid 7) has 20 of 1024 descriptors",
    "no use    net.core.somaxconn: it is 97 here already",
    'wrong     "lower tcp_fin_timeout": it ends only FIN-WAIT-2 without a process;',
    "          TIME-WAIT stays 60 s",
    '          also "restart it", "SO_LINGER {1, 0}"',
    "or        tear (not judged): it lasts longer than anybody looks, and then it ...",
    "unlike    rain: it comes from above",
    "try it    lastack run leak",
    "read      experiments/leak/README.md",
    "",
    "Found: leak.",
    "Not judged: tear on server (pid 7): 97 CLOSE-WAIT sockets in every sample from",
    "0.00 s to 3.00 s, and all samples span only 3.00 s.",
    "Ruled out: resets.",
  ]);
});

test("a finding that looks like another one on the same program names it", () => {
  const looked = examination([patient(server, [closeWait(97)])]);
  const [one, other] = [
    { ...leak, signs: seenIn("it leaks") },
    { ...leak, id: "other", signs: seenIn("it drips") },
  ];
  const text = reportDiagnosis(diagnose([one, other], looked, EVERYTHING), looked, options);
  expect(text).toContain("\nwith      other: it drips\n");
  expect(text).toContain("\nwith      leak: it leaks\n");
});

test("many modes that are ruled out are counted beside a finding, and named without one", () => {
  const many = Array.from({ length: 8 }, (_, nth) => ({ ...resets, id: `resets-${nth}` }));
  const text = (count: number): string => {
    const looked = examination([patient(server, [closeWait(count)])]);
    return reportDiagnosis(diagnose([leak, ...many], looked, EVERYTHING), looked, options);
  };
  expect(text(97)).toContain("\nRuled out: 8 other failure modes; --json names them.");
  expect(text(1)).toContain("\nRuled out: leak, resets-0, resets-1,");
});

test("nothing found says what was looked at: sockets, the fullest queue, descriptors, and counters that moved", () => {
  const at = patient(server, [group("ESTABLISHED", "listener", 23), group("TIME-WAIT", "connector", 97)]);
  at.view.samples.push({
    kind: "listeners",
    atUs: 0,
    phase: "load",
    host: "server-7",
    listeners: [{ address: "0.0.0.0", port: 8080, queue: 3, backlog: 511, inode: 1 }],
  });
  const looked = examination([at], { counters: { TcpOutRsts: 1, TcpInSegs: 97 } });
  const seen = { ...resets, signs: { ...seenIn("it is reset"), seen: ["TcpOutRsts"] as const } };
  const text = reportDiagnosis(diagnose([leak, seen], looked, EVERYTHING), looked, options);
  expect(text.replaceAll("\n", " ")).toContain(
    "Nothing found. Looked at: 97 TIME-WAIT (connecting end), 23 ESTABLISHED (listening end). The fullest accept queue held 3 of 511 (port 8080). node (pid 7) has 20 of 1024 descriptors. Counters that moved: TcpOutRsts by 1.",
  );
});

test("nothing found also says what the main threads do, whose threads may not be read, and which clients have no answer", () => {
  const tcpInfo = {
    rttUs: 1,
    rtoUs: 1,
    sendMssBytes: 1,
    congestionWindow: 1,
    unacked: 0,
    lastDataSentMs: 2000,
    lastDataReceivedMs: 2000,
    totalRetransmits: 0,
    bytesAcked: 0,
    bytesReceived: 6,
  };
  const asked = group("ESTABLISHED", "listener", 23, { exchanged: "received" });
  const text = (changes: Partial<typeof tcpInfo>, waits: object): string => {
    const one = patient(server, [withExample(asked, { pids: [7], tcpInfo: { ...tcpInfo, ...changes } })]);
    for (const sample of one.view.samples)
      if (sample.kind === "processes")
        sample.processes = sample.processes.map((row) => ({ ...row, ...waits }));
    const looked = examination([one]);
    return reportDiagnosis(diagnose([leak], looked, EVERYTHING), looked, options).replaceAll("\n", " ");
  };
  const asleep = { waits: { threads: 1, main: "futex_do_wait", others: {} } };
  expect(text({}, asleep)).toContain(
    "The main thread of node (pid 7) waits for a lock or another thread (futex_do_wait). 23 clients of port 8080 have sent something, and no byte went back for 1.5 s or more: meanwhile no thread waited for a client, and none ran.",
  );
  expect(text({}, { waits: { threads: 1, main: "ep_poll", others: {} } })).toContain(
    "for 1.5 s or more: a collector of logs does that by design.",
  );
  expect(text({ lastDataReceivedMs: 900 }, asleep)).not.toContain("no byte went back");
  expect(text({}, { waits: null })).toContain(
    "Not visible: what the threads of a process (node) do. Run this as root, with CAP_SYS_PTRACE, or as their user, to see them.",
  );
});
