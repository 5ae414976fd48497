import { describe, expect, test } from "vitest";
import type { ClaimVerdict } from "../../harness/claims/claim.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { doctored, reference, settled } from "./settled.ts";

const VERDICTS: Record<string, ClaimVerdict> = {
  C98: "holds-with-limits",
  C99: "holds-with-limits",
  C100a: "holds-with-limits",
  C100b: "refuted",
  C101: "holds-with-limits",
  C107: "holds-with-limits",
  C108: "holds-with-limits",
  C270: "holds-with-limits",
  C271: "holds-with-limits",
  C272: "holds-with-limits",
  C273: "holds-with-limits",
};

describe("on the committed recordings", () => {
  test.each(Object.entries(VERDICTS))("%s is %s", (id, verdict) => {
    const { observed, because, ...result } = settled(id);
    expect([result.verdict, observed.en]).toEqual([verdict, expect.not.stringContaining("?")]);
    for (const text of [observed, because]) expect(text.zh).toMatch(/\p{Script=Han}/u);
  });

  test.each(Object.keys(VERDICTS))("%s is inconclusive if its trial is missing", (id) => {
    expect(settled(id, { [settled(id).under[0]?.in[0] ?? ""]: null }).verdict).toBe("inconclusive");
  });
});

/** The verdict on a claim when recordings of other trials replace these. */
const swapped = (id: string, others: Record<string, string>): ClaimVerdict =>
  settled(id, Object.fromEntries(Object.entries(others).map(([trial, other]) => [trial, reference(other)])))
    .verdict;

/** The same trial on a kernel that allows each process this many descriptors. */
const allowed = (trial: string, descriptorLimit: number): Recording =>
  doctored(reference(trial), (sample) =>
    sample.kind === "processes"
      ? { ...sample, processes: sample.processes.map((row) => ({ ...row, descriptorLimit })) }
      : sample,
  );

describe("another verdict", () => {
  test("C98: more descriptors help no client, or every connection has a descriptor", () => {
    expect(swapped("C98", { "connection-limits/many-descriptors": "idle-connection-hoard/buggy" })).toBe(
      "refuted",
    );
    const others = Object.fromEntries(
      ["connection-limits/queued", "connection-limits/short"].map((trial) => [trial, allowed(trial, 997)]),
    );
    expect(settled("C98", others).verdict).toBe("holds");
  });

  test("C99 and C273: all servers behave alike, or Node behaves differently", () => {
    const [node, nginx, python] = ["node", "nginx", "python"].map((name) => `http-keep-alive/${name}`);
    expect(swapped("C99", { "http-keep-alive/python-http-1.1": nginx! })).toBe("holds");
    expect(swapped("C99", { [node!]: "http-keep-alive/python-http-1.1" })).toBe("refuted");
    expect(swapped("C273", { [python!]: node! })).toBe("holds");
    expect(swapped("C273", { [node!]: python! })).toBe("refuted");
  });

  test("C100a and C100b: a page loads as fast, or faster, over short connections", () => {
    const [short, kept] = ["web-visits/page-short", "web-visits/page-kept"];
    expect(swapped("C100a", { [kept]: short })).toBe("refuted");
    expect(swapped("C100a", { "web-visits/visitors-kept": kept })).toBe("holds");
    expect(swapped("C100b", { [kept]: short, [short]: kept })).toBe("holds");
  });

  test("C101: a program stalls in spite of TCP_NODELAY, or never stalls", () => {
    expect(swapped("C101", { "nagle-delayed-ack/fixed": "nagle-delayed-ack/buggy" })).toBe("refuted");
    expect(swapped("C101", { "nagle-delayed-ack/buggy": "nagle-delayed-ack/fixed" })).toBe("refuted");
  });

  test("C107 and C108: cures without a gap, and cures without an effect", () => {
    const [buggy, timeout, limit] = ["buggy", "fixed", "fixed-by-limit"].map(
      (name) => `idle-connection-hoard/${name}`,
    );
    expect(swapped("C107", { "connection-limits/trickle": timeout! })).toBe("holds");
    expect(swapped("C107", { [timeout!]: "connection-limits/trickle" })).toBe("refuted");
    const holes = ["connection-limits/many-machines", "connection-limits/shared-address"];
    expect(swapped("C108", Object.fromEntries(holes.map((hole) => [hole, limit!])))).toBe("holds");
    expect(swapped("C108", { [limit!]: buggy! })).toBe("refuted");
  });

  test("C270: the same short connections with tcp_tw_reuse = 1", () => {
    const [buggy, reuse] = ["buggy", "fixed-by-reuse"].map((name) => `ephemeral-port-exhaustion/${name}`);
    expect(swapped("C270", { [buggy!]: reuse! })).toBe("refuted");
    expect(swapped("C270", { [reuse!]: buggy!, "short-against-long/short-tcp": buggy! })).toBe("holds");
  });

  test("C271 and C272: short connections stay open, or kept ones need no memory", () => {
    expect(swapped("C271", { "connection-limits/short": "connection-limits/short-silent" })).toBe("refuted");
    const [kept, closed] = ["connection-memory/kept", "connection-memory/closed"];
    expect(swapped("C272", { [kept]: closed, [closed]: kept })).toBe("refuted");
  });
});
