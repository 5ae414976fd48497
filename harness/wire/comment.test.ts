import { expect, test } from "vitest";
import type { PacketSample } from "../model/sample.ts";
import { wireComment } from "./comment.ts";

const segment = (changes: Partial<PacketSample>): PacketSample => ({
  kind: "packet",
  atUs: 1000,
  phase: "load",
  link: 0,
  from: "client",
  to: "server",
  connection: 1,
  fromPort: 40_001,
  toPort: 8080,
  flags: ["SYN"],
  sequence: 0,
  acknowledgement: null,
  windowBytes: 0,
  payloadBytes: 0,
  options: {},
  fate: "passed",
  rule: null,
  sentUs: 1100,
  ...changes,
});

test.each<[Partial<PacketSample>, string]>([
  [{}, "passed after 0.1 ms"],
  [{ rule: "let it" }, 'passed by the rule "let it" after 0.1 ms'],
  [{ fate: "dropped", rule: "first SYN", sentUs: null }, 'dropped by the rule "first SYN"'],
  [{ fate: "held", rule: "r", sentUs: 201_000 }, 'held by the rule "r", and sent after 200.0 ms'],
  [{ fate: "held", rule: "r", sentUs: null }, 'held by the rule "r", and never sent'],
  [{ fate: "duplicated", rule: "r" }, 'duplicated by the rule "r"; the first copy was sent after 0.1 ms'],
  [{ fate: "corrupted", rule: "r" }, 'passed after 0.1 ms, with one byte inverted by the rule "r"'],
  [{ fate: "lost", sentUs: null }, "lost: by the wire's random loss, or because its memory was full"],
  [{ fate: "cut", sentUs: null }, "cut: the link was cut, or a host was not reachable"],
])("%o", (changes, words) => {
  expect(wireComment(segment(changes))).toBe(words);
});
