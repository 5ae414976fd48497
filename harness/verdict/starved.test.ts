import { expect, test } from "vitest";
import type { ExactExpectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import {
  at,
  group,
  handMade,
  plainFact,
  plainVariant,
  pressureAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { atLeast, atMost, exactly } from "./vocabulary/bound.ts";
import { judgeVariant } from "./judge.ts";
import { neverSeen, socketsAtEndOf, socketsAtPeak, socketsStay } from "./vocabulary/sockets.ts";

const HELD = { host: "server", state: "CLOSE-WAIT" } as const;
const none = neverSeen(HELD).because("b");
const few = socketsAtPeak(HELD, atMost(3)).because("b");
const some = socketsAtPeak(HELD, atLeast(1)).because("b");
const stay = socketsStay(HELD, atLeast(1), { forMs: 200 }).because("b");
const atEnd = socketsAtEndOf("load", HELD, exactly(0)).because("b");

/** Samples, at these times, of a server that holds this many sockets. In the middle of the trial the server waited for this long. */
function trial(held: number, times: number[], waitedMs: number, more: Sample[] = []): Recording {
  return handMade([
    pressureAt(at(0), { server: 0 }),
    ...times.map((ms) =>
      socketsAt(at(ms), "server", held === 0 ? [] : [group("CLOSE-WAIT", "listener", held)]),
    ),
    pressureAt(at(500), { server: waitedMs }),
    ...more,
  ]);
}

function verdictOn(exact: ExactExpectation[], recording: Recording): ReturnType<typeof judgeVariant> {
  return judgeVariant(plainFact({ plain: plainVariant(exact) }), "plain", recording);
}

const OFTEN = [0, 100, 200, 300, 400, 500];
const SELDOM = [0, 500];

test("a refutation stays in a trial that had enough processor time", () => {
  const verdict = verdictOn([none], trial(3, OFTEN, 40));
  expect(verdict.outcome).toBe("refuted");
  expect(verdict.forWantOfTime).toBeUndefined();
});

test("in a starved trial it is inconclusive, and the finding names the host and the time", () => {
  for (const claim of [none, atEnd]) {
    const verdict = verdictOn([claim], trial(3, OFTEN, 320));
    expect(verdict).toMatchObject({ outcome: "inconclusive", forWantOfTime: true });
    expect(verdict.findings[0]?.observed).toMatch(
      /; but server was ready to run and had no processor for 0\.32 s of 0\.50 s/,
    );
  }
});

test("a claim that holds or not at any pace is refuted there, too, where it says so of the time that was lacked", () => {
  const sure = { ...none, atAnyPace: true } as const;
  expect(verdictOn([sure], trial(3, OFTEN, 320)).outcome).toBe("refuted");
  const lacked: number[] = [];
  const perhaps = (isSure: boolean): ExactExpectation => ({
    ...none,
    atAnyPace: (_, waitedUs) => {
      lacked.push(waitedUs);
      return isSure;
    },
  });
  expect(verdictOn([perhaps(true)], trial(3, OFTEN, 320)).outcome).toBe("refuted");
  expect(verdictOn([perhaps(false)], trial(3, OFTEN, 320)).outcome).toBe("inconclusive");
  expect(lacked).toEqual([320_000, 320_000]);
});

test("a confirmation stays when the samples were taken", () => {
  const verdict = verdictOn([none, few], trial(0, OFTEN, 320));
  expect(verdict.outcome).toBe("confirmed");
  expect(verdict.forWantOfTime).toBeUndefined();
});

test("when samples are missing, a claim about every sample is inconclusive, and a claim that one sample shows is not", () => {
  const held = trial(2, SELDOM, 320);
  const outcomes = (claims: ExactExpectation[], recording: Recording): string[] =>
    verdictOn(claims, recording).findings.map(({ outcome }) => outcome);
  expect(outcomes([few, stay, some], held)).toEqual(["inconclusive", "inconclusive", "confirmed"]);
  expect(outcomes([none, atEnd], trial(0, SELDOM, 320))).toEqual(["inconclusive", "confirmed"]);
  // In a trial with enough processor time the same samples are all that the setup asked for.
  expect(outcomes([few, stay, some], trial(2, SELDOM, 0))).toEqual(["confirmed", "confirmed", "confirmed"]);
});

test("samples that are missing before a stretch leave it open only when they could have broken it", () => {
  const early = trial(2, [0, 500, 550, 600, 650, 700, 750], 320);
  const { findings } = verdictOn([stay, few], early);
  expect(findings.map(({ outcome }) => outcome)).toEqual(["inconclusive", "inconclusive"]);
  const late = handMade([
    pressureAt(at(0), { server: 0 }),
    socketsAt(at(0), "server", []),
    ...[500, 550, 600, 650, 700, 750].map((ms) =>
      socketsAt(at(ms), "server", [group("CLOSE-WAIT", "listener", 2)]),
    ),
    pressureAt(at(800), { server: 320 }),
  ]);
  expect(verdictOn([stay, few], late).findings.map(({ outcome }) => outcome)).toEqual([
    "confirmed",
    "inconclusive",
  ]);
});

test("a trial that did not take place is for want of time only when a host waited, also while programs started", () => {
  const fault: Sample = { ...at(600), kind: "fault", because: "the server is not ready" };
  expect(verdictOn([none], trial(0, OFTEN, 0, [fault])).forWantOfTime).toBeUndefined();
  expect(verdictOn([none], trial(0, OFTEN, 90, [fault])).forWantOfTime).toBe(true);
});
