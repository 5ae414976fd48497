import { expect, test } from "vitest";
import type { Recording } from "../../harness/model/recording.ts";
import { doctored, reference, settled } from "./settled.ts";

/** The verdict on a claim when other recordings replace those of some trials. */
const verdict = (id: string, others: Record<string, Recording | null>): string => settled(id, others).verdict;

test("if a program took hours to close, CLOSE-WAIT would last two hours", () => {
  const slow = doctored(reference("close-wait-ends/defaults"), (sample) => ({
    ...sample,
    atUs: sample.atUs * 3600,
  }));
  expect(settled("C38", { "close-wait-ends/defaults": slow }).verdict).toBe("holds-with-limits");
  expect(settled("C38", { "close-wait-ends/defaults": slow }).observed.en).toContain(
    "the peer sends a RST: ",
  );
});

test("if calls failed after a FIN, the claim of an error would hold", () => {
  const failing = (trial: string): Recording =>
    doctored(reference(trial), (sample) => {
      if (sample.kind !== "report" || sample.program !== "server") return sample;
      const { call, result } = sample.report;
      const isAfterFin = (call === "recv" && result === 0) || call === "send";
      return isAfterFin ? { ...sample, report: { ...sample.report, result: "ECONNRESET" } } : sample;
    });
  const others = Object.fromEntries(
    ["passive-close/answer-then-close", "passive-close/peer-closed"].map((trial) => [trial, failing(trial)]),
  );
  expect(verdict("C43", others)).toBe("holds");
});

test("if an orphan waited as long as its peer, the two states would last equally long", () => {
  const patient = doctored(reference("close-wait-ends/defaults"), (sample) =>
    sample.kind === "sockets" && sample.atUs > 50_000_000 ? null : sample,
  );
  expect(verdict("C44", { "close-wait-ends/defaults": patient })).toBe("holds");
});

test("a FIN that was sent before CLOSE-WAIT would refute the claim about the state", () => {
  const early = doctored(reference("passive-close/answer-then-close"), (sample) =>
    sample.kind === "packet" && sample.from === "server" && sample.flags.includes("FIN")
      ? { ...sample, atUs: 0 }
      : sample,
  );
  expect(verdict("C41", { "passive-close/answer-then-close": early })).toBe("refuted");
});
