import { expect, test } from "vitest";
import { closeWaits } from "../../harness/claims/rules/close-wait.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { doctored, reference, settled } from "./settled.ts";

const VERDICTS = {
  C37: "holds-with-limits",
  C38: "refuted",
  C39: "refuted",
  C40a: "holds-with-limits",
  C40b: "refuted",
  C41: "holds",
  C42: "refuted",
  C43: "refuted",
  C44: "holds-with-limits",
  C45: "holds",
  C46: "holds-with-limits",
  C103: "holds-with-limits",
  C230: "holds-with-limits",
  C231: "refuted",
  C232: "holds-with-limits",
};

test("every claim has its verdict on the committed recordings", () => {
  const verdicts = Object.fromEntries(Object.keys(closeWaits).map((id) => [id, settled(id).verdict]));
  expect(verdicts).toEqual(VERDICTS);
});

/** The verdict on a claim when other recordings replace those of some trials. */
const verdict = (id: string, others: Record<string, Recording | null>): string => settled(id, others).verdict;

test("if the kernel probed by itself, CLOSE-WAIT would end, and the sysctls would help", () => {
  const probed = reference("close-wait-ends/probes");
  expect(verdict("C37", { "close-wait-ends/defaults": probed })).toBe("refuted");
  expect(verdict("C39", { "close-wait-ends/no-probes": probed })).toBe("holds-with-limits");
});

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

test("with enough descriptors, a pile of CLOSE-WAIT keeps no client out", () => {
  const room = reference("close-wait-exhaustion/room");
  expect(verdict("C40a", { "close-wait-exhaustion/drops": room })).toBe("refuted");
});

test("without a restart, clients after the first failed one are not served", () => {
  const drops = reference("close-wait-exhaustion/drops");
  expect(verdict("C40b", { "close-wait-exhaustion/restarted": drops })).toBe("holds-with-limits");
});

test("if a FIN did arrive, there was CLOSE-WAIT", () => {
  const leak = reference("close-wait-leak/buggy");
  const others = { "half-open-idle/buggy": leak, "half-open-writer/buggy": leak };
  expect(verdict("C42", others)).toBe("holds");
  expect(verdict("C42", { "half-open-idle/buggy": null })).toBe("inconclusive");
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

test("close() closes a descriptor that is not shared, and a connection that is not shut down stays", () => {
  const alone = reference("forked-child-holds-connection/fixed-by-cloexec");
  expect(verdict("C45", { "forked-child-holds-connection/buggy": alone })).toBe("refuted");
  const closed = reference("shared-descriptor/close");
  expect(verdict("C46", { "shared-descriptor/shutdown-write": closed })).toBe("refuted");
  const both = reference("shared-descriptor/shutdown-both");
  expect(verdict("C46", { "shared-descriptor/shutdown-read": both })).toBe("holds");
});

test("a FIN that was sent before CLOSE-WAIT would refute the claim about the state", () => {
  const early = doctored(reference("passive-close/answer-then-close"), (sample) =>
    sample.kind === "packet" && sample.from === "server" && sample.flags.includes("FIN")
      ? { ...sample, atUs: 0 }
      : sample,
  );
  expect(verdict("C41", { "passive-close/answer-then-close": early })).toBe("refuted");
});

test("if the server gives up slow clients, no client keeps it in CLOSE-WAIT", () => {
  const fixed = reference("close-wait-held/fixed");
  expect(verdict("C103", { "close-wait-held/buggy": fixed })).toBe("refuted");
});

test("close() with unread input sends no FIN, and a peer that accepts no more data has closed", () => {
  const unread = reference("passive-close/unread");
  expect(verdict("C230", { "passive-close/answer-then-close": unread })).toBe("refuted");
  const closed = reference("passive-close/peer-closed");
  expect(verdict("C232", { "passive-close/answer-then-close": closed })).toBe("holds-with-limits");
});
