import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailureMode } from "../model/experiment.ts";
import { recordingText } from "../recording/line.ts";
import { diagnosisJson, reportDiagnosis } from "../report/doctor.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { anyExamination, foreignAddress, foreignIn } from "./arbitrary.fixture.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { recordingOf } from "./recorded.ts";
import { Redaction } from "./redact.ts";
import { ReplacedAddresses } from "./replaced-addresses.ts";

const origin = {
  kernel: { release: "6.18.0-zqacmeqz", machine: "x64" },
  node: "v20.20.2",
  bootId: "zq0badqz",
  originUs: 7,
  startedAt: "2026-03-01T12:00:00.000Z",
};
const catalogue = (await loadCatalogue())
  .map(({ experiment }) => experiment)
  .filter((one): one is FailureMode => one.kind === "failure-mode");

/** What a diagnosis says, without names and examples. */
function said({ examined, found, remarks, undecided, ruledOut }: Diagnosis): unknown {
  const seen = found.map(({ mode, subject, role, sockets, findings }) => [
    mode.id,
    subject.kind === "family" ? subject.pid : subject.name,
    role,
    sockets.count,
    findings.length,
  ]);
  return [
    examined.length,
    seen,
    remarks.map(({ mode }) => mode.id),
    undecided.map(({ mode }) => mode.id),
    ruledOut.map(({ id }) => id),
  ];
}

describe("a redacted examination", () => {
  test("has no original address and no original name, in no output; its diagnosis is the same", () => {
    const tried = { foreign: 0, found: 0 };
    fc.assert(
      fc.property(anyExamination, fc.constantFrom(null, 8080), (looked, port) => {
        const asked = { port, pid: null };
        const redaction = new Redaction();
        const redacted = redaction.examination(looked);
        const [before, after] = [looked, redacted].map((one) => diagnose(catalogue, one, asked)) as [
          Diagnosis,
          Diagnosis,
        ];
        expect(said(after)).toEqual(said(before));
        const outputs = [
          reportDiagnosis(after, redacted, { colour: false, columns: 10_000 }),
          JSON.stringify(diagnosisJson(after, redacted)),
          recordingText(recordingOf(redacted, { asked, origin: redaction.origin(origin), isRedacted: true })),
        ];
        for (const output of outputs) expect(foreignIn(output)).toEqual([]);
        tried.foreign += foreignIn(looked).length;
        tried.found += before.found.length + before.remarks.length;
      }),
      { numRuns: 60 },
    );
    expect(tried.foreign).toBeGreaterThan(100);
    expect(tried.found).toBeGreaterThan(0);
  });
});

describe("replaced addresses", () => {
  test("are alike for alike, different for different, of the same family and of documentation", () => {
    fc.assert(
      fc.property(fc.uniqueArray(foreignAddress, { maxLength: 40 }), (all) => {
        const addresses = new ReplacedAddresses();
        const once = all.map((one) => addresses.address(one));
        expect(all.map((one) => addresses.address(one))).toEqual(once);
        expect(new Set(once).size).toBe(all.length);
        for (const [nth, one] of once.entries()) {
          expect(one.includes(":")).toBe(all[nth]?.includes(":"));
          expect(one).toMatch(/^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8::)/);
        }
      }),
    );
  });

  test("an IPv4 peer of an IPv6 socket is the same host as over IPv4", () => {
    const addresses = new ReplacedAddresses();
    const host = ["10", 1, 2, 3].join(".");
    const four = addresses.end(`${host}:80`);
    expect(four).toBe("192.0.2.1:80");
    expect(addresses.end(`[::ffff:${host}]:443`)).toBe("[::ffff:192.0.2.1]:443");
  });

  test.each(["127.0.0.1:80", "[::1]:80", "0.0.0.0:0", "[::]:0", "*:8080", "[::ffff:127.0.0.1]:80"])(
    "%s stays: it names no host of anybody",
    (end) => {
      expect(new ReplacedAddresses().end(end)).toBe(end);
    },
  );

  test("documentation addresses are replaced, too, or two hosts could become one", () => {
    const addresses = new ReplacedAddresses();
    const all = [["10", 1, 2, 3].join("."), "192.0.2.1", "192.0.2.2"];
    expect(new Set(all.map((one) => addresses.address(one))).size).toBe(3);
  });

  test("after 762 clients there are more, and all are different", () => {
    const addresses = new ReplacedAddresses();
    const all = Array.from({ length: 2000 }, (_, nth) => ["10", 0, nth >> 8, nth & 255].join("."));
    const replaced = all.map((one) => addresses.address(one));
    expect(new Set(replaced).size).toBe(2000);
    expect(replaced[761]).toBe("203.0.113.254");
    expect(replaced.every((one) => !all.includes(one))).toBe(true);
  });
});

test("a name has one replacement, wherever it stands, and an empty one none", () => {
  const redaction = new Redaction();
  expect(["curl", "acme-api", "curl", ""].map((one) => redaction.name(one))).toEqual([
    "name-1",
    "name-2",
    "name-1",
    "",
  ]);
});
