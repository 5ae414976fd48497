import { expect, test } from "vitest";
import { end, loadRun, look } from "./load-run.fixture.ts";
import type { LoadRun } from "./load-run.ts";
import { loadFigures } from "./result.ts";
import { validity, type Validity } from "./validity.ts";

function judged(run: LoadRun): Validity {
  return validity(loadFigures(run), run);
}

test("connections of other programs get a warning when there are many", () => {
  const among = (opened: number, refused = 0): Validity =>
    judged(
      loadRun({
        ...(refused > 0 && { ends: [end({ outcomes: { ok: 200, "connect ECONNREFUSED": refused } })] }),
        looks: [look(0, []), look(3.1, [], undefined, { TcpActiveOpens: opened, TcpOutSegs: 600 })],
      }),
    );
  expect(among(11 + 9).warnings).toEqual([]);
  expect(among(11 + 10).warnings).toEqual([
    "10 other connections were opened in this network namespace meanwhile: the segments a request include theirs.",
  ]);
  // The load's own that were refused are nobody else's.
  expect(among(11 + 12, 12).warnings.join()).not.toContain("other connections");
});

test("the load's own connections that failed in its warm-up are nobody else's", () => {
  const warmUp = { outcomes: { ok: 100, "connect timeout": 20 }, connections: 11 };
  const ends = [end({ outcomes: { ok: 20_000 }, warmUp })];
  const looks = [look(0, []), look(3.1, [], undefined, { TcpActiveOpens: 31, TcpOutSegs: 60_000 })];
  expect(judged(loadRun({ ends, looks })).warnings).toEqual([]);
});

test("connections that other programs were called by get a warning, too", () => {
  const looks = [look(0, []), look(3.1, [], undefined, { TcpPassiveOpens: 11 + 10, TcpOutSegs: 600 })];
  expect(judged(loadRun({ looks })).warnings).toEqual([
    "10 other connections were opened in this network namespace meanwhile: the segments a request include theirs.",
  ]);
});

test("the traffic of a connection that was there before gets a warning when it is in the segments", () => {
  const beside = (sent: number): string[] => {
    const last = look(3.1, [], undefined, { TcpOutSegs: 600 + sent });
    const bystanders = { sent, received: 9 * sent, most: "127.0.0.1:5001 to 127.0.0.1:40000" };
    return judged(loadRun({ looks: [look(0, []), { ...last, bystanders }] })).warnings;
  };
  expect(beside(6)).toEqual([]);
  expect(beside(7)).toEqual([
    "In this network namespace other connections had 7 segments (most of them 127.0.0.1:5001 to 127.0.0.1:40000): the segments a request include theirs.",
  ]);
});
