import { describe, expect, test } from "vitest";
import { checkDocument, probeDocument, skippedProbe } from "../check/document.fixture.ts";
import { type CheckReportOptions, listProbes, reportCheck, reportReplay } from "./check.ts";
import { fits } from "./wrap.ts";

const options = (columns: number, more: Partial<CheckReportOptions> = {}): CheckReportOptions => ({
  colour: false,
  columns,
  rowColumns: columns,
  verbose: false,
  language: "en",
  ...more,
});
const each = checkDocument([
  probeDocument("client-closes-first", "fail"),
  probeDocument("half-close-after-request", "pass"),
  probeDocument("who-closes-first", "informational"),
  probeDocument("open", "inconclusive"),
  skippedProbe("idle-connection"),
]);

describe("a report", () => {
  test("has a table, details of what did not pass, and counts the grades", () => {
    expect(reportCheck(each, options(80)).split("\n")).toEqual([
      "",
      "probe                     grade            what the client does",
      "client-closes-first       ✗ fail           many clients ask once, and close",
      "half-close-after-request  ✓ pass           many clients ask once, and close",
      "who-closes-first          i informational  many clients ask once, and close",
      "open                      ? inconclusive   many clients ask once, and close",
      "idle-connection           - skip           many clients ask once, and close",
      "",
      "✗ client-closes-first: fail",
      "  The server closes each connection that its client has closed",
      "  because a connection in CLOSE-WAIT keeps its descriptor",
      "    expected no socket in CLOSE-WAIT",
      "    observed 97",
      "      because only close() leads out of it",
      "  explained by: lastack run close-wait-leak",
      "  recorded in",
      "  results/checks/2026-11-21T05-44-23Z/client-closes-first/server.ndjson",
      "  to run it again:",
      "    lastack check --probe client-closes-first -- node server.js",
      "",
      "? open: inconclusive",
      "  The server closes each connection that its client has closed",
      "  because a connection in CLOSE-WAIT keeps its descriptor",
      "    expected no socket in CLOSE-WAIT",
      "    observed 97",
      "      because only close() leads out of it",
      "  explained by: lastack run close-wait-leak",
      "  recorded in results/checks/2026-11-21T05-44-23Z/open/server.ndjson",
      "  to run it again:",
      "    lastack check --probe open -- node server.js",
      "",
      "What the server does, where more than one answer is right",
      "  who-closes-first: no socket in CLOSE-WAIT: 97",
      "",
      "Skipped",
      "  idle-connection: the server closes each connection after one answer",
      "",
      "3 of 5 probes decided: 1 fail, 1 inconclusive, 1 skip, 1 informational, 1 pass",
    ]);
  });

  test.each([40, 60, 80, 100])("fits %d columns, but for paths", (columns) => {
    for (const language of ["en", "zh"] as const)
      for (const verbose of [true, false]) {
        const lines = reportCheck(each, options(columns, { language, verbose })).split("\n");
        const long = lines.filter((line) => !fits([line], columns));
        expect(long.filter((line) => !/^ +(?:results\/\S+|\S+)$/.test(line))).toEqual([]);
      }
  });

  test("shows every claim of every probe that was run, if it is asked to", () => {
    const lines = reportCheck(each, options(100, { verbose: true }));
    expect(lines.match(/expected every client gets its answer/g)).toHaveLength(4);
    expect(lines).toContain("✓ half-close-after-request: pass");
  });

  test("says that no probe was decided, and how many were not run", () => {
    const none = checkDocument([probeDocument("open", "inconclusive")], { notRun: ["two", "three"] });
    expect(reportCheck(none, options(80))).toMatch(
      /\nno probe was decided, 1 inconclusive, 2 probes were not run$/,
    );
  });

  test("has the words of its frame in Chinese", () => {
    expect(reportCheck(each, options(80, { language: "zh" }))).toMatch(/5 个探测中有 3 个得出结论：1 未通过/);
  });
});

test("a replay says of each probe whether it is fixed, and shows those that are not", () => {
  const document = checkDocument([
    probeDocument("one", "pass"),
    probeDocument("three", "fail"),
    probeDocument("two", "inconclusive"),
  ]);
  const isFixed = ({ outcome }: { outcome: string }): boolean | null =>
    outcome === "inconclusive" ? null : outcome === "pass";
  const lines = reportReplay(document, isFixed, options(80)).split("\n");
  expect(lines.slice(1, 4)).toEqual(["one    FIXED", "three  FAILED", "two    UNDECIDED"]);
  expect(lines).toContain("✗ three: fail");
  expect(lines).not.toContain("✓ one: pass");
  expect(lines.at(-1)).toBe("1 of 3 probes fixed");
});

test("the list of probes fits 40 columns", () => {
  const lines = listProbes(
    [{ id: "half-close-after-request", title: "a client sends its request, and then a FIN" }],
    {
      columns: 40,
    },
  ).split("\n");
  expect(fits(lines, 40)).toBe(true);
  expect(lines.join(" ").replaceAll(/ +/g, " ")).toBe(
    "half-close-after-request a client sends its request, and then a FIN",
  );
});
