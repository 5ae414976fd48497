import { expect, test } from "vitest";
import { at, group, handMade, plainMode, socketsAt } from "../recording/hand-made.fixture.ts";
import { atLeast } from "./vocabulary/bound.ts";
import { judgeVariant } from "./judge.ts";
import { socketsAtPeak } from "./vocabulary/sockets.ts";

const symptom = [
  socketsAtPeak({ state: "CLOSE-WAIT" }, atLeast(3)).because("nobody closes"),
  socketsAtPeak({ state: "CLOSE-WAIT", side: "listener" }, atLeast(3)).because("the server holds them"),
];
const leak = plainMode(symptom);

test("a finding about a symptom is written in both languages, part for part", () => {
  const held = handMade([
    socketsAt(at(10), "client", []),
    socketsAt(at(10), "server", [group("CLOSE-WAIT", "listener", 5)]),
  ]);
  expect(judgeVariant(leak, "buggy", held).findings[0]).toMatchObject({
    observed:
      "server: 5 CLOSE-WAIT sockets at 0.01 s, the most of 1 sample, and the other part of the symptom holds too",
    zh: {
      claim: "在 client 或 server 上看得到该症状",
      observed: "server：1 次观测中最多时（0.01 s）有 5 个 CLOSE-WAIT 套接字，症状的其余 1 部分也成立",
    },
  });
});
