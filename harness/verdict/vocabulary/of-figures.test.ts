import { describe, expect, test } from "vitest";
import { at, group, handMade, socketsAt } from "../../recording/hand-made.fixture.ts";
import { atLeast, between, exactly, lessThan } from "./bound.ts";
import { is, reads, told } from "./of-figures.ts";
import type { Figure } from "./figure.ts";
import { sysctlOf } from "./figures/hosts.ts";
import { peakOf, timeOf } from "./figures/sockets.ts";
import { put } from "./put.fixture.ts";
import { socketsAtPeak } from "./sockets.ts";

const seen = handMade([
  socketsAt(at(0), "client", []),
  socketsAt(at(100), "client", [group("TIME-WAIT", "connector", 3)]),
  socketsAt(at(350), "client", [group("TIME-WAIT", "connector", 2)]),
]);
const timeWait = { host: "client", state: "TIME-WAIT" } as const;

describe("a figure", () => {
  test("has a name, a value and a unit, in both languages", () => {
    const claim = is(timeOf(timeWait, "ms"), between(200, 300));
    expect(put(claim, seen)).toEqual([
      "TIME-WAIT sockets on client, present without a break for: between 200 and 300 ms",
      true,
      "TIME-WAIT sockets on client, present without a break for: 250 ms",
    ]);
    expect(claim.zh).toBe("client 上的 TIME-WAIT 套接字连续出现：200 到 300 ms");
    expect(claim.test(seen).zh).toBe("client 上的 TIME-WAIT 套接字连续出现：250 ms");
  });

  test("prints how many there are in all, and its parts", () => {
    const some: Figure = {
      name: { en: "closed", zh: "关闭" },
      needs: [],
      of: () => 2,
      outOf: () => 5,
      detail: () => "a 1, b 1",
    };
    expect(is(some, lessThan(2)).test(seen)).toEqual({
      holds: false,
      observed: "closed: 2 of 5 (a 1, b 1)",
      zh: "关闭：2（共 5）（a 1, b 1）",
    });
  });

  test("without a value is inconclusive; one that is only shown decides nothing", () => {
    const unknown = peakOf({ ...timeWait, host: "server" });
    expect(put(is(unknown, exactly(0)), seen).slice(1)).toEqual([
      null,
      "TIME-WAIT sockets on server, at the peak: ?",
    ]);
    expect(put(told(unknown), seen)[1]).toBe(true);
    expect(put(is({ ...unknown, of: () => Number.POSITIVE_INFINITY }, atLeast(1)), seen)[2]).toContain(": ∞");
  });

  test("of a claim of the vocabulary can be printed without the claim", () => {
    expect(socketsAtPeak(timeWait, exactly(3)).brief?.(seen)).toEqual({
      en: "TIME-WAIT sockets on client, at the peak: 3",
      zh: "client 上的 TIME-WAIT 套接字最多时：3",
    });
  });
});

test("words are compared with words, or matched by a pattern", () => {
  const name = "net.ipv4.tcp_tw_reuse";
  const recording = { ...seen, header: { ...seen.header, sysctls: { client: { [name]: "2" } } } };
  expect(put(reads(sysctlOf("client", name), "0"), recording)).toEqual([
    "tcp_tw_reuse on client: 0",
    false,
    "tcp_tw_reuse on client: 2",
  ]);
  expect(put(reads(sysctlOf("client", name), /^[12]$/), recording)[1]).toBe(true);
  expect(put(reads(sysctlOf("server", name), /./), recording)[1]).toBeNull();
});
