import { describe, expect, test } from "vitest";
import type { Fact } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding, Outcome } from "../model/verdict.ts";
import {
  at,
  attemptAt,
  countersAt,
  group,
  handMade,
  plainSetup,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import type { VariantResult } from "./result.ts";
import { reportExperiment, reportSummary } from "./text.ts";

const variant = { summary: "what it does differently", setup: plainSetup(), exact: [] };
const experiment: Fact = {
  kind: "fact",
  id: "close-wait-leak",
  title: "A server that never closes",
  question: "What stays behind?",
  tags: [],
  variants: { buggy: variant, fixed: variant, third: variant, fourth: variant, fifth: variant },
};

function finding(outcome: Outcome, changes: Partial<Finding> = {}): Finding {
  return {
    claim: "server holds exactly 97 sockets",
    because: "nobody closes",
    observed: "97 at 1.00 s",
    outcome,
    ...changes,
  };
}

function result(
  name: string,
  recording: Recording | null,
  findings: Finding[] = [finding("confirmed")],
): VariantResult {
  const verdict = { outcome: findings[0]?.outcome ?? "inconclusive", findings };
  return {
    variant: name,
    recording,
    verdict,
    path: `results/runs/now/close-wait-leak/${name}.ndjson`,
    seconds: 1.25,
  };
}

const failure = { phase: "connect" as const, code: "EADDRNOTAVAIL", call: "connect" };
const buggy = handMade([
  socketsAt(at(0, "setup"), "server", [group("LISTEN", "listener", 1)]),
  socketsAt(at(0, "setup"), "client", []),
  socketsAt(at(500), "server", [group("CLOSE-WAIT", "listener", 97)]),
  socketsAt(at(900, "drain"), "server", [
    group("CLOSE-WAIT", "listener", 90),
    group("CLOSE-WAIT", "listener", 5, { port: 81 }),
  ]),
  socketsAt(at(950, "end"), "server", []),
  countersAt(at(900, "drain"), "server", {
    TcpPassiveOpens: 97,
    IpExtInOctets: 40_000,
    TcpExtTCPOrigDataSent: 97,
  }),
  countersAt(at(900, "drain"), "client", { TcpActiveOpens: 97 }),
  attemptAt(at(1), 1, { connectMs: 0.1234, totalMs: 1043.2 }),
  attemptAt(at(1), 2, { connectMs: null, firstByteMs: null, totalMs: null, outcome: failure }),
]);
const fixed = handMade([
  socketsAt(at(0), "server", []),
  socketsAt(at(0), "client", [group("TIME-WAIT", "connector", 97)]),
  countersAt(at(900), "server", { TcpPassiveOpens: 97 }),
  attemptAt(at(1), 1),
]);
const plain = { colour: false, columns: 100 };

function row(text: string, label: string): string[] {
  const line = text.split("\n").find((one) => one.trim().startsWith(label));
  return (line ?? "").trim().slice(label.length).trim().split(/ {2,}/);
}

describe("an experiment's report", () => {
  const text = reportExperiment(experiment, [result("buggy", buggy), result("fixed", fixed)], plain);

  test("shows the states of the variants side by side: the most seen, and what the load left", () => {
    expect(row(text, "server listener  CLOSE-WAIT")).toEqual(["97 → 95", "-"]);
    expect(row(text, "client connector TIME-WAIT")).toEqual(["-", "97 → 97"]);
    expect(text).not.toContain("LISTEN ");
  });

  test("has the important counters that moved, and no others", () => {
    expect(row(text, "server TcpPassiveOpens")).toEqual(["97", "97"]);
    expect(row(text, "client TcpActiveOpens")).toEqual(["97", "-"]);
    expect(text).not.toContain("IpExtInOctets");
  });

  test("with verbose, has all counters that moved", () => {
    const verbose = reportExperiment(experiment, [result("buggy", buggy)], { ...plain, verbose: true });
    expect(row(verbose, "server IpExtInOctets")).toEqual(["40000"]);
  });

  test("has any counter that a claim names before the others", () => {
    const claim = "TcpExtTCPOrigDataSent rises by exactly 97 on server";
    const spoken = reportExperiment(
      experiment,
      [result("buggy", buggy, [finding("confirmed", { claim })])],
      plain,
    );
    const lines = spoken.split("\n").map((line) => line.trim());
    expect(lines[lines.findIndex((line) => line === "counters that moved") + 1]).toMatch(
      /^server TcpExtTCPOrigDataSent +97$/,
    );
  });

  test("has latencies and how attempts ended", () => {
    expect(row(text, "load connect ")).toEqual(["0.12 / 0.12 / 0.12", "1.00 / 1.00 / 1.00"]);
    expect(row(text, "load total")).toEqual(["1043 / 1043 / 1043", "3.00 / 3.00 / 3.00"]);
    expect(row(text, "load connect EADDRNOTAVAIL")).toEqual(["1", "-"]);
  });

  test("has every finding's claim and observation, and a reason where it is not confirmed", () => {
    expect(text).toContain(
      "buggy: confirmed\n  what it does differently\n  ✓ server holds exactly 97 sockets\n      97 at 1.00 s\n",
    );
    expect(text).toContain("  recorded in results/runs/now/close-wait-leak/buggy.ndjson");
    expect(text).not.toContain("because");
    const refuted = reportExperiment(experiment, [result("buggy", buggy, [finding("refuted")])], plain);
    expect(refuted).toContain(
      "  ✗ server holds exactly 97 sockets\n      97 at 1.00 s\n      because nobody closes\n",
    );
  });

  test("says why a trial recorded nothing, and shows ? in its column", () => {
    const lost = {
      ...result("fixed", null, [finding("inconclusive", { observed: "no server" })]),
      path: null,
    };
    const both = reportExperiment(experiment, [result("buggy", buggy), lost], plain);
    expect(row(both, "server listener CLOSE-WAIT")).toEqual(["97 → 95", "?"]);
    const alone = reportExperiment(experiment, [lost], plain);
    expect(alone).toContain("  ? server holds exactly 97 sockets\n      no server");
    expect(alone).not.toContain("recorded in");
  });

  test("says how many repetitions were confirmed, and shows one of the worst", () => {
    const trials = [1, 2, 3].map((repeat) => ({ ...result("buggy", buggy), repeat }));
    const second = {
      ...result("buggy", buggy, [finding("refuted", { observed: "96 at 1.00 s" })]),
      repeat: 4,
    };
    const repeated = reportExperiment(experiment, [...trials, second], plain);
    expect(repeated).toContain("buggy: refuted, 3 of 4 times");
    expect(repeated).toContain("96 at 1.00 s");
    expect(repeated).toContain("(the figures are those of the first of 4 repetitions)");
  });

  test.each([60, 80, 100, 300])("on %d columns, no line is longer, for many variants", (columns) => {
    const names = ["buggy", "fixed", "third", "fourth", "fifth"];
    const long = finding("refuted", {
      claim: "word ".repeat(40),
      observed: "word ".repeat(60),
      because: "word ".repeat(50),
    });
    const wide = reportExperiment(
      experiment,
      names.map((name) => result(name, buggy, [long])),
      { colour: false, columns },
    );
    const lines = wide.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    expect(lines.filter((line) => line.includes("server listener CLOSE-WAIT")).length).toBeGreaterThan(
      columns === 60 ? 2 : 1,
    );
  });

  test("with colour, differs in nothing but colour", () => {
    const coloured = reportExperiment(experiment, [result("buggy", buggy), result("fixed", fixed)], {
      ...plain,
      colour: true,
    });
    expect(coloured).not.toBe(text);
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(text);
  });
});

test("a report has no line that is too long for a narrow terminal", () => {
  const results = [result("buggy", buggy), result("fixed", fixed, [finding("refuted")])].map((one) => ({
    ...one,
    path: null,
  }));
  const text = reportExperiment(experiment, results, { ...plain, columns: 40 });
  for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(40);
});

describe("the summary", () => {
  test("has a line a variant, and counts them", () => {
    const results = [
      result("buggy", buggy),
      result("fixed", fixed, [finding("refuted"), finding("confirmed")]),
    ];
    expect(reportSummary([{ experiment, results }], plain)).toBe(
      [
        "",
        "experiment       variant  verdict                      time",
        "close-wait-leak  buggy    ✓ confirmed  1 of 1 claim   1.3 s",
        "                 fixed    ✗ refuted    1 of 2 claims  1.3 s",
        "",
        "2 variants: 1 confirmed, 1 refuted",
      ].join("\n"),
    );
  });

  test("counts the trials of a repeated variant", () => {
    const results = [1, 2].map((repeat) => ({ ...result("buggy", buggy), repeat }));
    expect(reportSummary([{ experiment, results }], plain)).toContain("✓ confirmed  2 of 2 times  2.5 s");
  });

  test("has two lines a variant on a narrow terminal", () => {
    const results = [
      result("buggy", buggy),
      result("fixed", fixed, [finding("refuted"), finding("confirmed")]),
    ];
    expect(
      reportSummary([{ experiment, results }], { ...plain, columns: 40 })
        .split("\n")
        .slice(1, 5),
    ).toEqual([
      "close-wait-leak/buggy",
      "  ✓ confirmed  1 of 1 claim  1.3 s",
      "close-wait-leak/fixed",
      "  ✗ refuted  1 of 2 claims  1.3 s",
    ]);
  });

  test("is no success without a trial", () => {
    expect(reportSummary([], plain)).toBe("\n\nnothing was run, so nothing was confirmed");
  });
});

test("findings are printed in Chinese if they are written in it, and in English if not", () => {
  const zh = { claim: "server 上有 97 个套接字", observed: "1.00 s 有 97 个" };
  const findings = [finding("confirmed", { zh }), finding("refuted", { claim: "own words", because: "so" })];
  const options = { colour: false, columns: 100, language: "zh" } as const;
  const [here] = [result("buggy", buggy, findings)];
  const text = reportExperiment(experiment, [here], options);
  expect(text).toContain(
    "buggy: 证实\n  程序读到 EOF，却从不关闭\n  ✓ server 上有 97 个套接字\n      1.00 s 有 97 个\n",
  );
  expect(text).toContain("✗ own words");
  expect(text).toContain("原因：so");
  expect(text).toContain("记录在 results/runs/now/close-wait-leak/buggy.ndjson");
  const table = reportSummary([{ experiment, results: [here] }], options);
  expect(table).toMatch(/实验 +变体 +裁定 +用时/);
  expect(table).toMatch(/✓ 证实 +2 条中成立 1 条/);
  expect(table).toContain("1 个变体：1 证实");
  expect(reportExperiment(experiment, [here], { colour: false, columns: 100 })).not.toMatch(
    /\p{Script=Han}/u,
  );
});
