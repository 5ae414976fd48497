import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readAb, readAutocannon, readHey, readOurs, readWrk } from "./told.ts";

/** Real output of a tool: one second against nginx, or the same from a namespace with 20 ports. */
function captured(name: string): string {
  return readFileSync(new URL(`captured/${name}.txt`, import.meta.url), "utf8");
}

describe("the results of", () => {
  test("our clients", () => {
    const told = readOurs(captured("lastack-short"));
    expect(told).toMatchObject({ requests: 15_769, perSecond: 12_108, failures: 0 });
    const { p50Ms, p99Ms } = readOurs(captured("lastack-keep"));
    expect([told.p50Ms, told.p99Ms, p50Ms, p99Ms]).toEqual([2.005, 11.295, 0.323, 12.895]);
  });

  test("wrk", () => {
    expect(readWrk(captured("wrk-short"))).toEqual({
      requests: 18_084,
      perSecond: 17_966.32,
      failures: 0,
      p50Ms: 1.09,
      p99Ms: 6.34,
    });
    expect(readWrk(captured("wrk-keep"))).toMatchObject({ requests: 60_084, p50Ms: 0.371, p99Ms: 12.53 });
  });

  test("ab", () => {
    expect(readAb(captured("ab-short"))).toEqual({
      requests: 17_441,
      perSecond: 17_436.95,
      failures: 0,
      p50Ms: 2,
      p99Ms: 12,
    });
    expect(readAb(captured("ab-keep"))).toMatchObject({ requests: 93_966, p50Ms: 0, p99Ms: 4 });
  });

  test("hey", () => {
    const told = readHey(captured("hey-short"));
    expect(told).toMatchObject({ requests: 10_433, failures: 0, p50Ms: 4.1, p99Ms: 11.9 });
    expect(told.perSecond).toBeCloseTo(10_433 / 1.0036, 6);
    expect(readHey(captured("hey-keep")).requests).toBe(34_666);
  });

  test("autocannon", () => {
    const told = readAutocannon(captured("autocannon-keep"));
    expect(told).toMatchObject({ requests: 39_611, failures: 0, p50Ms: 0, p99Ms: 7 });
    expect(told.perSecond).toBeCloseTo(39_611 / 1.029, 6);
  });
});

describe("when ports run out", () => {
  test("our client counts every attempt without a port", () => {
    expect(readOurs(captured("lastack-no-ports"))).toMatchObject({ requests: 12_601, failures: 1005 });
  });

  test("wrk counts the connections that it lost at the beginning, and only once", () => {
    expect(readWrk(captured("wrk-no-ports"))).toMatchObject({ requests: 1726, failures: 50 });
  });

  test("hey's failures do not count as requests a second, although hey includes them", () => {
    const said = captured("hey-no-ports");
    expect(said).toContain("Requests/sec:\t17429.8485");
    const told = readHey(said);
    expect(told).toMatchObject({ requests: 20, failures: 17_622 });
    expect(told.perSecond).toBeLessThan(20);
  });

  test("ab ends without figures", () => {
    expect(() => readAb(captured("ab-no-ports"))).toThrow(/^ab did not print /);
  });
});

test("answers of another status are failures", () => {
  const wrk = captured("wrk-short").replace("Requests/sec", "  Non-2xx or 3xx responses: 84\nRequests/sec");
  expect(readWrk(wrk)).toMatchObject({ requests: 18_000, failures: 84 });
  const ab = captured("ab-short").replace(
    "Total transferred",
    "Non-2xx responses:      41\nTotal transferred",
  );
  expect(readAb(ab)).toMatchObject({ requests: 17_400, failures: 41 });
  const hey = captured("hey-short").replace("  [200]", "  [503]\t7 responses\n  [200]");
  expect(readHey(hey)).toMatchObject({ requests: 10_433, failures: 7 });
});

test("empty output of a tool is an error", () => {
  for (const read of [readOurs, readWrk, readAb, readHey, readAutocannon])
    expect(() => read("")).toThrow(Error);
});
