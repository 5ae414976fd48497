import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailureMode } from "../../model/experiment.ts";
import { diagnosisJson, reportDiagnosis } from "../../report/doctor.ts";
import { loadCatalogue } from "../../runs/catalogue.ts";
import { foreignAddress, foreignIn, foreignName } from "../arbitrary.fixture.ts";
import { type Diagnosis, diagnose } from "../diagnose.ts";
import { Redaction } from "../redact.ts";
import { readEvidence, type SavedFile } from "./evidence.ts";
import { examineSaved } from "./patients.ts";
import { redactedEvidence } from "./redacted.ts";

const catalogue = (await loadCatalogue())
  .map(({ experiment }) => experiment)
  .filter((one): one is FailureMode => one.kind === "failure-mode");
const pick = <const T>(...all: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...all);
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** A row of ss that a server on port 8080 has, with or without its holder, its inode and its timer; a row that nobody can read. */
const row = fc
  .record({
    state: pick("CLOSE-WAIT", "CLOSE-WAIT", "CLOSE-WAIT", "CLOSE-WAIT", "ESTAB", "NONSENSE"),
    local: foreignAddress,
    remote: foreignAddress,
    port: fc.integer({ min: 40_000, max: 60_000 }),
    service: pick("8080", "8080", "8080", "8080", "https"),
    queue: pick(0, 0, 97),
    name: foreignName,
  })
  .map(
    ({ state, local, remote, port, service, queue, name }) =>
      `${state} ${queue} 0 ${bracketed(local)}:${service} ${bracketed(remote)}:${port} users:(("${name}",pid=7,fd=9)) ino:${port} sk:1 cwnd:10 bytes_sent:9 bytes_acked:9 bytes_received:7 lastsnd:5000 lastrcv:5000 lastack:5000`,
  );

/** What somebody has saved: one text or two of ss, perhaps with a filter, beside one of netstat, and words about it, in files with foreign names. */
const anyFiles: fc.Arbitrary<SavedFile[]> = fc
  .record({
    rows: fc.array(row, { minLength: 23, maxLength: 40 }),
    isTwice: fc.boolean(),
    filter: fc.option(foreignAddress, { nil: null }),
    listener: foreignAddress,
    note: foreignName,
    name: foreignName,
    columns: pick(/ users:.*/, / ino:.*/, / sk:1/),
  })
  .map(({ rows, isTwice, filter, listener, note, name, columns }) => {
    const command = `$ ss -tanoepi${filter === null ? "" : ` dst ${filter}`}`;
    const listening = `LISTEN 0 5 ${bracketed(listener)}:8080 0.0.0.0:* users:(("${note}",pid=7,fd=3)) ino:4711 sk:1`;
    const look = [command, ...[listening, ...rows].map((one) => one.replace(columns, ""))].join("\n");
    const others = `${note} wrote from ${listener}\ntcp 0 0 ${listener}:http ${listener}:7 ESTABLISHED\ntcp 0 0 ${listener}:80 ${listener}:7 ESTABLISHED\nkernel.hostname = ${name}\n`;
    return [
      { name: `${name}/ss`, text: isTwice ? `${look}\n${look}` : look, writtenMs: null },
      { name: `${name}/notes`, text: others, writtenMs: null },
    ];
  });

function said({ examined, found, remarks, undecided, ruledOut }: Diagnosis): unknown {
  const of = (all: readonly { mode: FailureMode }[]): string[] => all.map(({ mode }) => mode.id);
  return [examined.length, of(found), of(remarks), of(undecided), ruledOut.map(({ id }) => id)];
}

describe("redacted evidence", () => {
  test("has no original address and no original name, in no output; its diagnosis is the same", () => {
    const tried = { foreign: 0, found: 0, unreadable: 0, unused: 0 };
    fc.assert(
      fc.property(anyFiles, pick(null, 8080), (files, port) => {
        const evidence = readEvidence(files, 3);
        const redacted = redactedEvidence(evidence, new Redaction());
        expect(foreignIn(redacted.looks)).toEqual([]);
        const [before, after] = [evidence, redacted].map((one) => {
          const examination = examineSaved(one, port);
          return { examination, diagnosis: diagnose(catalogue, examination, { port, pid: null }) };
        });
        if (before === undefined || after === undefined) throw new Error("nothing was examined");
        expect(said(after.diagnosis)).toEqual(said(before.diagnosis));
        const outputs = [
          reportDiagnosis(after.diagnosis, after.examination, { colour: false, columns: 10_000 }),
          JSON.stringify(diagnosisJson(after.diagnosis, after.examination)),
        ];
        for (const output of outputs) expect(foreignIn(output)).toEqual([]);
        tried.foreign += foreignIn(files).length;
        tried.found += before.diagnosis.found.length + before.diagnosis.remarks.length;
        tried.unreadable += evidence.unreadable.length;
        tried.unused += evidence.unused.length;
      }),
      { numRuns: 40 },
    );
    expect(tried.foreign).toBeGreaterThan(100);
    expect(Object.entries(tried).filter(([, count]) => count === 0)).toEqual([]);
  });
});

test("a command keeps the options that have no value", () => {
  const text = "$ /usr/sbin/ss -tanoep -N acme dst 192.0.2.7\nESTAB 0 0 192.0.2.1:80 192.0.2.7:7\n";
  const evidence = readEvidence([{ name: "a", text, writtenMs: null }], null);
  const { looks } = redactedEvidence(evidence, new Redaction());
  expect(looks.map(({ source }) => source)).toEqual(["ss -tanoep"]);
});

test("which text is not used, and which line, can still be told", () => {
  const files = [
    {
      name: "ss-of-acme",
      text: "LISTEN 0 5 [::]:8080 [::]:* ino:7\nESTAB 0 0 web:https 192.0.2.1:7\n",
      writtenMs: null,
    },
    { name: "-", text: "Tcp: OutRsts\nTcp: 97\n", writtenMs: null },
  ];
  const { unreadable, unused } = redactedEvidence(readEvidence(files, null), new Redaction());
  expect(unreadable).toEqual([
    {
      file: "file-1",
      line: 2,
      text: "",
      because: "a word of it is not an address with a port in digits: use ss -n",
    },
  ]);
  expect(unused).toEqual([
    ["counters that were read once: they count since boot, and two texts show how fast"],
  ]);
});
