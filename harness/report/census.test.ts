import { expect, test } from "vitest";
import { group } from "../recording/hand-made.fixture.ts";
import { reportCensus } from "./census.ts";

test("a census shows a state or timer without a name by its number, below the named ones", () => {
  const groups = [
    group("ESTABLISHED", "listener", 3, { state: "unknown-14" }),
    group("CLOSE-WAIT", "listener", 97, { timer: "unknown-6" }),
    group("SYN-SENT", "connector", 2, { timer: "delack" }),
  ];
  const text = reportCensus(
    {
      total: 102,
      states: { "unknown-14": 3, "CLOSE-WAIT": 97, "SYN-SENT": 2 },
      sides: { listener: { "unknown-14": 3, "CLOSE-WAIT": 97 }, connector: { "SYN-SENT": 2 } },
      groups,
      listeners: [],
    },
    { columns: 100 },
  );
  const words = text.split("\n").map((line) => line.trim().split(/\s+/));
  expect(words.slice(1, 5).map(([first]) => first)).toEqual(["SYN-SENT", "CLOSE-WAIT", "unknown-14", "all"]);
  expect(words.find(([count]) => count === "97")).toContain("unknown-6");
  expect(words.find(([count]) => count === "2")).toContain("delack");
});
