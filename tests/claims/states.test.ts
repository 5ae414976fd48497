import { expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test.each([
  ["C01", "holds-with-limits"],
  ["C02", "holds-with-limits"],
  ["C03", "holds-with-limits"],
  ["C04", "holds-with-limits"],
  ["C05", "holds-with-limits"],
  ["C06", "holds-with-limits"],
  ["C07", "holds-with-limits"],
  ["C08", "holds-with-limits"],
  ["C09", "holds-with-limits"],
  ["C10", "holds"],
  ["C11a", "refuted"],
  ["C11b", "holds-with-limits"],
  ["C12", "refuted"],
  ["C13", "holds-with-limits"],
  ["C200", "holds-with-limits"],
  ["C203", "refuted"],
])("%s on the committed recordings: %s", (id, verdict) => {
  expect(settled(id).verdict).toBe(verdict);
});

test("C01 holds if no listener ever drops a SYN", () => {
  const others = { "accept-queue-overflow/buggy": reference("accept-queue-overflow/fixed") };
  expect(settled("C01", others).verdict).toBe("holds");
});

test("C02 holds if nothing delays a handshake, and is refuted if a short handshake takes long", () => {
  const quick = reference("handshake-otherwise/quick");
  const nowhere = {
    "handshake/accepted": quick,
    "syn-ack-lost/third-segment-lost": quick,
    "phantom-established/buggy": quick,
    "handshake-otherwise/deferred": quick,
  };
  expect(settled("C02", nowhere).verdict).toBe("holds");
  const others = { "handshake-otherwise/quick": reference("handshake/accepted") };
  expect(settled("C02", others).verdict).toBe("refuted");
});

test("C03 holds if the SYNs are sent and do not cross", () => {
  const others = {
    "handshake-otherwise/crossing-syns": reference("handshake/accepted"),
    "handshake-otherwise/no-neighbour": reference("last-ack-lost/port-used-again"),
  };
  expect(settled("C03", others).verdict).toBe("holds");
});

test("C04 is refuted if a FIN waits for its acknowledgement", () => {
  const others = { "handshake-otherwise/quick": reference("simultaneous-close/both") };
  expect(settled("C04", others).verdict).toBe("refuted");
});

test("C07 holds if both FINs always arrive and are sent at once", () => {
  const both = reference("simultaneous-close/both");
  const others = { "closing-otherwise/fin-lost": both, "closing-otherwise/window-shut": both };
  expect(settled("C07", others).verdict).toBe("holds");
  const lost = { "simultaneous-close/both": reference("closing-otherwise/fin-lost") };
  expect(settled("C07", lost).verdict).toBe("refuted");
});

test("C08 is refuted if a kernel delays a FIN", () => {
  const others = { "closing-otherwise/stopped": reference("closing-otherwise/overtaken") };
  expect(settled("C08", others).verdict).toBe("refuted");
});

test("C09 holds if an acknowledgement always arrives", () => {
  const later = reference("teardown/later");
  const others = { "closing-otherwise/unanswered": later, "last-ack-lost/no-time-wait": later };
  expect(settled("C09", others).verdict).toBe("holds");
});

test("C10 is refuted if a SYN-ACK acknowledges only data", () => {
  const uncounted = doctored(reference("handshake/accepted"), (sample) =>
    sample.kind === "packet" && sample.flags.join("-") === "SYN-ACK"
      ? { ...sample, acknowledgement: 0 }
      : sample,
  );
  expect(settled("C10", { "handshake/accepted": uncounted }).verdict).toBe("refuted");
});

test("C12 holds if the server closes later, which takes four segments", () => {
  const later = reference("teardown/later");
  const others = { "teardown/at-once": later, "closing-otherwise/http": later };
  expect(settled("C12", others).verdict).toBe("holds");
});

test("C13 is refuted if a server answers the repeated SYN", () => {
  const others = { "handshake-otherwise/two-way-deaf": reference("handshake-otherwise/two-way-again") };
  expect(settled("C13", others).verdict).toBe("refuted");
});

test("C200 holds with room in the queue and without deferred accept", () => {
  const accepted = reference("handshake/accepted");
  const others = { "phantom-established/buggy": accepted, "handshake-otherwise/deferred": accepted };
  expect(settled("C200", others).verdict).toBe("holds");
});

test("C203 holds if no end has shut down its direction", () => {
  const others = { "closing-otherwise/half-closed": reference("syn-received-held/one-retry") };
  expect(settled("C203", others).verdict).toBe("holds");
});

test("a missing recording makes a claim inconclusive", () => {
  expect(settled("C06", { "teardown/at-once": null }).verdict).toBe("inconclusive");
});
