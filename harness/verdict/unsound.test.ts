import { expect, test } from "vitest";
import { at, handMade, plainSetup, plainWire } from "../recording/hand-made.fixture.ts";
import type { WireSample } from "../model/sample.ts";
import { whyUnsound } from "./unsound.ts";

test("segments that are not recorded are a fault, but not those of a wire that only counts", () => {
  const wire: WireSample = {
    ...at(9),
    kind: "wire",
    link: 0,
    frames: 20,
    malformed: 0,
    lostFrames: 0,
    untoldSegments: 9,
    rules: [],
  };
  const over = (segments: object): string[] =>
    whyUnsound(handMade([wire], { setup: plainSetup({ links: [plainWire(segments)] }) }));
  expect(over({})).toEqual(["9 segments of wire 0 are not in the recording: there were too many"]);
  expect(over({ segments: "counted" })).toEqual([]);
});
