import { expect, test } from "vitest";
import { countedByNginx, disagreement, type Turn } from "./turn.ts";

/** A turn of 50 connections and 9973 requests whose counts all agree. */
function turn(change: { requests?: number; failures?: number; refused?: number; opened?: number }): Turn {
  const { requests = 9973, failures = 0, refused = 0, opened = 9990 } = change;
  return {
    told: { requests, perSecond: 1, failures, p50Ms: null, p99Ms: null },
    logged: { answered: 9990, refused },
    opened,
  };
}

test.each([
  ["short", {}, null],
  ["keep-alive", { opened: 51 }, null],
  ["short", { requests: 9991 }, "it counts 9991 answers, nginx 9990"],
  ["short", { requests: 9939 }, "it counts 9939 answers, nginx 9990"],
  ["short", { requests: 0 }, "it counts 0 answers, nginx 9990"],
  ["short", { opened: 9972 }, "9972 connections were opened for 9973 requests"],
  ["keep-alive", { opened: 101 }, "101 connections were opened for 9973 requests"],
  ["keep-alive", { opened: 49 }, "49 connections were opened for 9973 requests"],
  ["short", { failures: 3 }, "3 failures"],
  ["short", { refused: 7 }, "7 answers of nginx have another status than 200"],
] as const)("%s with %j: %s", (mode, change, because) => {
  expect(disagreement({ mode }, turn(change))).toBe(because);
});

test("a generator that loses answers is counted by nginx, and has no latencies", () => {
  const lost = turn({ requests: 97, failures: 2, opened: 20_000 });
  expect(countedByNginx(lost, 2).told).toEqual({
    requests: 97,
    perSecond: 4995,
    failures: 2,
    p50Ms: null,
    p99Ms: null,
  });
  expect(disagreement({ mode: "short", countedBy: "nginx" }, lost)).toBeNull();
  const refused = turn({ requests: 97, refused: 7 });
  expect(disagreement({ mode: "short", countedBy: "nginx" }, refused)).toBe(
    "7 answers of nginx have another status than 200",
  );
  const silent = { ...lost, logged: { answered: 0, refused: 0 } };
  expect(disagreement({ mode: "short", countedBy: "nginx" }, silent)).toBe("nginx answered nothing");
});
