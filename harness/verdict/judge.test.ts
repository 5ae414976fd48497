import { describe, expect, test } from "vitest";
import type { ExactExpectation, SymptomExpectation } from "../model/expectation.ts";
import type { PeerStep } from "../model/peer.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import {
  at,
  countersAt,
  group,
  handMade,
  plainFact,
  plainMode,
  plainSetup,
  plainVariant,
  plainWire,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { atLeast, exactly } from "./vocabulary/bound.ts";
import { counterMoved } from "./vocabulary/counters.ts";
import { judge, judgeVariant, symptomOn } from "./judge.ts";
import { socketsAtPeak } from "./vocabulary/sockets.ts";

function answering(holds: boolean | null, needs: ExactExpectation["needs"] = []): ExactExpectation {
  return { claim: "c", because: "b", needs, test: () => ({ holds, observed: "o" }) };
}

const symptom: SymptomExpectation[] = [
  socketsAtPeak({ state: "CLOSE-WAIT" }, atLeast(3)).because("nobody closes"),
  counterMoved({ counter: "TcpOutRsts" }, exactly(0)).because("nothing is reset"),
];

const variant = plainVariant([answering(true)]);
const leak = plainMode(symptom, { buggy: variant, fixed: variant, "fixed-by-hand": variant });
const fact = plainFact({ short: variant });

/** A trial in which both hosts were sampled, and each held so many sockets in CLOSE-WAIT. */
function trial(held: { client: number; server: number }, more: Sample[] = []): Recording {
  return handMade([
    socketsAt(at(10), "client", [group("CLOSE-WAIT", "connector", held.client)]),
    socketsAt(at(10), "server", [group("CLOSE-WAIT", "listener", held.server)]),
    countersAt(at(10), "client", {}),
    countersAt(at(10), "server", {}),
    ...more,
  ]);
}

/** The same recording with a script on its wire. */
function withPeer(recording: Recording, steps: PeerStep[]): Recording {
  const peer = { host: "server", connections: 2, port: 8080, steps };
  const setup = plainSetup({ links: [plainWire({ peer })] });
  return { ...recording, header: { ...recording.header, setup } };
}

describe("judging", () => {
  test("the worst answer wins", () => {
    const outcome = (...holds: (boolean | null)[]): string =>
      judge(
        holds.map((one) => answering(one)),
        handMade([]),
      ).outcome;
    expect(outcome(true, true)).toBe("confirmed");
    expect(outcome(true, null)).toBe("inconclusive");
    expect(outcome(null, false, true)).toBe("refuted");
  });

  test("of nothing is inconclusive", () => {
    expect(judge([], handMade([]))).toEqual({ outcome: "inconclusive", findings: [] });
  });

  test("without the samples that it needs is inconclusive, though the test would pass", () => {
    const recording = handMade([countersAt(at(1), "server", {})]);
    const needy = answering(true, ["counters", "sockets", "processes"]);
    expect(judge([needy], recording).findings).toEqual([
      {
        claim: "c",
        because: "b",
        observed: "no sockets and no processes sample was recorded",
        lacks: ["sockets", "processes"],
        outcome: "inconclusive",
      },
    ]);
  });

  test("by a test that throws is inconclusive, and says what it threw", () => {
    const broken: ExactExpectation = {
      ...answering(true),
      test: () => {
        throw new TypeError("x is undefined");
      },
    };
    const { findings } = judge([broken, answering(true)], handMade([]));
    expect(findings[0]).toMatchObject({
      outcome: "inconclusive",
      observed: "the test of this claim threw an error: x is undefined",
    });
    expect(findings[1]).toMatchObject({ outcome: "confirmed", observed: "o" });
  });
});

describe("a symptom", () => {
  test("is confirmed when one host shows all of it", () => {
    expect(symptomOn(leak, trial({ client: 0, server: 5 }))).toMatchObject({
      outcome: "confirmed",
      host: "server",
      findings: [
        { observed: expect.stringMatching(/^server: 5 CLOSE-WAIT sockets/) },
        { observed: "server: TcpOutRsts did not move" },
      ],
    });
  });

  test("that two hosts show is quoted from both", () => {
    const both = trial({ client: 4, server: 5 });
    const { host, findings } = symptomOn(leak, both);
    expect(host).toBe("client");
    expect(findings.map((one) => one.observed.split(":")[0])).toEqual([
      "client",
      "client",
      "server",
      "server",
    ]);
    expect(judgeVariant(leak, "buggy", both).findings[0]?.observed).toBe(
      "client: 4 CLOSE-WAIT sockets at 0.01 s, the most of 1 sample, and the other part of the symptom holds too; " +
        "server: 5 CLOSE-WAIT sockets at 0.01 s, the most of 1 sample, and the other part of the symptom holds too",
    );
  });

  test("is refuted when every host lacks a part of it, not necessarily the same one", () => {
    const reset = countersAt(at(20), "server", { TcpOutRsts: 5 });
    expect(symptomOn(leak, trial({ client: 0, server: 5 }, [reset]))).toMatchObject({
      outcome: "refuted",
      host: null,
      findings: [
        { observed: expect.stringMatching(/^client: 1 sample contained no CLOSE-WAIT sockets/) },
        { observed: "server: TcpOutRsts rose by 5" },
      ],
    });
  });

  test("whose parts appear on two hosts, but not all on one, is refuted", () => {
    const resets = [countersAt(at(20), "server", { TcpOutRsts: 5 })];
    const { outcome } = symptomOn(leak, trial({ client: 2, server: 9 }, resets));
    expect(outcome).toBe("refuted");
  });

  test("is inconclusive when a host that might show it was not sampled", () => {
    const blind = handMade([socketsAt(at(10), "client", []), countersAt(at(10), "client", {})]);
    const { outcome, findings } = symptomOn(leak, blind);
    expect(outcome).toBe("inconclusive");
    expect(findings.map((one) => one.observed)).toContain("server: no sockets sample was recorded");
  });

  test("of a trial that broke off is inconclusive, though a host shows it", () => {
    const broken = {
      ...trial({ client: 0, server: 5 }),
      cutOff: "the trial did not write its end; the last line is 7",
    };
    expect(symptomOn(leak, broken)).toMatchObject({
      outcome: "inconclusive",
      findings: [
        { observed: "the recording is not whole: the trial did not write its end; the last line is 7" },
      ],
    });
  });
});

describe("the verdict on a variant", () => {
  test("buggy must show its symptom", () => {
    const seen = judgeVariant(leak, "buggy", trial({ client: 0, server: 5 }));
    expect(seen.outcome).toBe("confirmed");
    expect(seen.findings[0]).toEqual({
      claim: "the symptom is seen on client or server",
      because: "nobody closes; nothing is reset",
      observed:
        "server: 5 CLOSE-WAIT sockets at 0.01 s, the most of 1 sample, and the other part of the symptom holds too",
      outcome: "confirmed",
      zh: expect.objectContaining({ claim: "在 client 或 server 上看得到该症状" }),
    });
    expect(judgeVariant(leak, "buggy", trial({ client: 0, server: 2 })).outcome).toBe("refuted");
  });

  test.each(["fixed", "fixed-by-hand"])("%s must show it on no host", (name) => {
    const gone = judgeVariant(leak, name, trial({ client: 1, server: 2 }));
    expect(gone.findings[0]).toMatchObject({ claim: "no host shows the symptom", outcome: "confirmed" });
    expect(gone.outcome).toBe("confirmed");
    const still = judgeVariant(leak, name, trial({ client: 3, server: 0 }));
    expect(still.findings[0]).toMatchObject({
      outcome: "refuted",
      observed: expect.stringContaining("client: 3 CLOSE-WAIT"),
    });
    expect(still.outcome).toBe("refuted");
  });

  test("needs the exact expectations too", () => {
    const refuted = {
      ...leak,
      variants: { ...leak.variants, buggy: { ...variant, exact: [answering(true), answering(false)] } },
    };
    const verdict = judgeVariant(refuted, "buggy", trial({ client: 0, server: 5 }));
    expect(verdict.findings.map((one) => one.outcome)).toEqual(["confirmed", "confirmed", "refuted"]);
    expect(verdict.outcome).toBe("refuted");
  });

  test("of a fact has no symptom", () => {
    expect(judgeVariant(fact, "short", trial({ client: 9, server: 9 }))).toEqual({
      outcome: "confirmed",
      findings: [{ claim: "c", because: "b", observed: "o", outcome: "confirmed" }],
    });
  });

  test("that does not exist is an error", () => {
    expect(() => judgeVariant(fact, "shrt", handMade([]))).toThrow(
      "the experiment close-wait-leak has no variant shrt",
    );
  });
});

describe("a trial that did not take place as its setup says", () => {
  const whole = trial({ client: 0, server: 5 });
  const refuted = {
    ...leak,
    variants: { ...leak.variants, buggy: { ...variant, exact: [answering(false)] } },
  };
  const failed: Sample = {
    ...at(5),
    kind: "program",
    program: "server",
    event: "failed",
    pid: 31,
    code: 1,
    because: "ended by itself, with exit code 1",
  };
  const printed = ["1", "2", "3", "Error: boom", "    at x", "x".repeat(500)];

  const wire = (changes: object): Sample => ({
    ...at(9),
    kind: "wire",
    link: 0,
    frames: 20,
    malformed: 0,
    lostFrames: 0,
    untoldSegments: 0,
    rules: [{ rule: "matched", segments: 1 }],
    ...changes,
  });

  const scripted = withPeer(whole, [
    { waitMs: 5 },
    { await: { flags: ["SYN", "ACK"], without: ["RST"], payload: "none" }, withinMs: 500 },
    { waitMs: 5 },
  ]);
  const one = (connection: number, step: number, unmet: boolean): object => ({ connection, step, unmet });

  test.each<[string, Recording, string]>([
    [
      "cut off",
      { ...whole, cutOff: "its last line was cut off" },
      "the recording is not whole: its last line was cut off",
    ],
    [
      "a fault",
      { ...whole, samples: [{ ...at(1), kind: "fault", because: "netlink failed" }, ...whole.samples] },
      "netlink failed",
    ],
    [
      "interrupted",
      handMade([...whole.samples.slice(0, -1), { ...at(9), kind: "end", reason: "interrupted" }]),
      "the trial was interrupted",
    ],
    [
      "an unexplained fault",
      handMade([...whole.samples.slice(0, -1), { ...at(9), kind: "end", reason: "fault" }]),
      "the trial ended in a fault that it did not explain",
    ],
    [
      "a phase at its time limit",
      {
        ...whole,
        samples: [{ ...at(9, "load"), kind: "phase", event: "end", met: false }, ...whole.samples],
      },
      "the phase load reached its limit of 5000 ms before its condition held",
    ],
    [
      "a rule of a wire that never matched",
      { ...whole, samples: [wire({ rules: [{ rule: "drop it", segments: 0 }] }), ...whole.samples] },
      'the rule "drop it" of wire 0 never matched a segment',
    ],
    [
      "frames that a wire had no room for",
      { ...whole, samples: [wire({ lostFrames: 7 }), ...whole.samples] },
      "wire 0 lost 7 frames that it had no room for",
    ],
    [
      "segments that were not recorded",
      { ...whole, samples: [wire({ untoldSegments: 9 }), ...whole.samples] },
      "9 segments of wire 0 are not in the recording: there were too many",
    ],
    [
      "scripts that did not reach their end",
      {
        ...scripted,
        samples: [
          wire({ unfinished: [one(2, 1, true), one(3, 1, true), one(4, 2, false)] }),
          ...whole.samples,
        ],
      },
      "the script of the peer on wire 0 did not come to its end (connection 2 and 1 more): steps[1] awaits SYN-ACK without RST with no payload, and none came within 500 ms; the script of the peer on wire 0 did not come to its end (connection 4): it was still at steps[2] when the trial ended",
    ],
    [
      "a program that failed",
      { ...whole, samples: [{ ...failed, lastLines: printed, standardError: "s.stderr" }, ...whole.samples] },
      `the program server ended by itself, with exit code 1; it printed: 1 | 2 | 3 | Error: boom |     at x | ${"x".repeat(160)} (whole in s.stderr, beside the recording)`,
    ],
    [
      "a program that failed without output",
      {
        ...whole,
        samples: [{ ...failed, because: "did not end within 5 ms" }, ...whole.samples],
      },
      "the program server did not end within 5 ms; it printed no message",
    ],
  ])("(%s) is inconclusive, whatever else the recording shows", (_, recording, observed) => {
    for (const experiment of [leak, refuted]) {
      const verdict = judgeVariant(experiment, "buggy", recording);
      expect(verdict.outcome).toBe("inconclusive");
      expect(verdict.findings[0]).toMatchObject({
        claim: "the trial took place as its setup says",
        observed,
        outcome: "inconclusive",
      });
      expect(verdict.findings.map((one) => one.outcome).slice(1)).toEqual([
        "confirmed",
        experiment === leak ? "confirmed" : "refuted",
      ]);
    }
  });

  test("an end that explains its fault gives the reason once", () => {
    const samples: Sample[] = [
      { ...at(1), kind: "fault", because: "netlink failed" },
      { ...at(9), kind: "end", reason: "fault" },
    ];
    expect(judgeVariant(leak, "buggy", handMade(samples)).findings[0]?.observed).toBe("netlink failed");
  });
});
