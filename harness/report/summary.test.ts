import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, attemptAt, group, handMade, plainSetup, socketsAt } from "../recording/hand-made.fixture.ts";
import { summaryCsv } from "./summary.ts";

/** Reads CSV strictly as in RFC 4180, section 2. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let rest = text;
  while (rest !== "") {
    const row: string[] = [];
    for (;;) {
      const [whole = "", quoted, bare = ""] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? [];
      row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
      rest = rest.slice(whole.length);
      if (!rest.startsWith(",")) break;
      rest = rest.slice(1);
    }
    if (!rest.startsWith("\r\n")) throw new Error(`no line end before ${JSON.stringify(rest.slice(0, 20))}`);
    rest = rest.slice(2);
    rows.push(row);
  }
  return rows;
}

describe("a summary", () => {
  test("has the sockets by host and side at every look, and then the latencies", () => {
    const recording = handMade([
      socketsAt(at(500), "server", [
        group("CLOSE-WAIT", "listener", 97),
        group("CLOSE-WAIT", "listener", 2, { port: 1 }),
      ]),
      attemptAt(at(1), 1, { connectMs: 1.23456, firstByteMs: null }),
      attemptAt(at(2), 2, { connectMs: null, firstByteMs: null, totalMs: 5 }),
    ]);
    expect(summaryCsv(recording)).toBe(
      [
        "time_s,host,side,program,metric,value",
        "0.500,server,listener,,TIME-WAIT sockets,0",
        "0.500,server,listener,,CLOSE-WAIT sockets,99",
        "0.500,server,connector,,TIME-WAIT sockets,0",
        "0.500,server,connector,,CLOSE-WAIT sockets,0",
        ",client,,load,connect p50 ms,1.235",
        ",client,,load,connect p90 ms,1.235",
        ",client,,load,connect p99 ms,1.235",
        ",client,,load,connect max ms,1.235",
        ",client,,load,total p50 ms,3",
        ",client,,load,total p90 ms,5",
        ",client,,load,total p99 ms,5",
        ",client,,load,total max ms,5",
        "",
      ].join("\r\n"),
    );
  });

  test("is ordered by time, over all hosts", () => {
    const recording = handMade([
      socketsAt(at(100), "server", []),
      socketsAt(at(200), "client", []),
      socketsAt(at(300), "server", []),
    ]);
    const times = parseCsv(summaryCsv(recording))
      .slice(1)
      .map(([time]) => Number(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times).toHaveLength(12);
  });

  test("of a recording without looks is only its header line", () => {
    expect(summaryCsv(handMade([]))).toBe("time_s,host,side,program,metric,value\r\n");
  });

  test("can be read back by RFC 4180, with any names", () => {
    const names = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", " ", "ö"), minLength: 1 }),
      { minLength: 2, maxLength: 2 },
    );
    fc.assert(
      fc.property(names, fc.nat(), ([host = "", program = ""], count) => {
        const setup = plainSetup({ hosts: { [host]: { sysctls: {} } }, programs: {} });
        const looks = socketsAt(at(10), host, [group("TIME-WAIT", "connector", count)]);
        const rows = parseCsv(summaryCsv(handMade([looks, attemptAt(at(1), 1, { program })], { setup })));
        expect(rows.every((row) => row.length === 6)).toBe(true);
        expect(rows).toContainEqual(["0.010", host, "connector", "", "TIME-WAIT sockets", String(count)]);
        expect(rows).toContainEqual(["", "", "", program, "total max ms", "3"]);
      }),
    );
  });
});
