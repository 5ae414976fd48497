import { describe, expect, test } from "vitest";
import type { Advice, Signs } from "../model/advice.ts";
import type { FailureMode } from "../model/experiment.ts";
import { adviceOn } from "./advice.ts";
import type { Patient } from "./examine.ts";
import { closeWait, family, hidden, leak, patient, resets, slow } from "./hand-made.fixture.ts";
import { Judging } from "./judged.ts";

const seenIn = (en: string, seen: Signs["seen"] = ["SYN-SENT"]): Signs => ({
  zh: "漏",
  seen,
  mark: { en, zh: "漏" },
});
const leaking = (changes: Partial<FailureMode> = {}): FailureMode => ({
  ...leak,
  signs: seenIn("it leaks"),
  ...changes,
});
/** What was read of a subject, with nothing missing. */
const alone = (one: Patient): Judging => new Judging(one, null);
const server = patient(family(7, "server", [8080]), [closeWait(97)]);

describe("what else it could be", () => {
  test("is what is seen in the same row, with what became of it on the same subject", () => {
    const others = [
      { ...resets, signs: seenIn("it is reset") },
      { ...slow, signs: seenIn("it lasts") },
      { ...hidden, signs: seenIn("ask it") },
      { ...leak, id: "other", signs: seenIn("the other") },
      { ...leak, id: "also", signs: seenIn("also"), visible: { as: "remark" as const, because: "rain" } },
      { ...leak, id: "elsewhere", signs: seenIn("elsewhere", ["SYN-RECV", "TcpOutRsts"]) },
    ];
    const { alternatives } = adviceOn(leaking(), alone(server), [leaking(), ...others]);
    expect(alternatives).toEqual([
      { id: "resets", state: "ruled out", tells: "it is reset" },
      { id: "slow", state: "not judged", tells: "it lasts" },
      { id: "hidden", state: "not visible", tells: "ask it" },
      { id: "other", state: "found, too", tells: "the other" },
      { id: "also", state: "remark", tells: "also" },
    ]);
  });

  test("has the sentence of a declared overlap, where there is one", () => {
    const other = { ...resets, signs: seenIn("it is reset") };
    const mode = leaking({ overlaps: { "resets/buggy": "it is reset there" } });
    expect(adviceOn(mode, alone(server), [other]).alternatives).toMatchObject([
      { tells: "it is reset there" },
    ]);
  });
});

describe("how sure it is", () => {
  test("sure, where nothing known could look the same", () => {
    expect(adviceOn(leaking(), alone(server), []).certainty).toEqual({
      level: "sure",
      shown: "sockets show it in 4 samples",
      doubts: [],
      notVisible: [],
    });
  });

  const few = { ...server, view: { ...server.view, samples: server.view.samples.slice(0, 6) } };
  const unseen = patient(family(7, "server", [8080]), [closeWait(97), closeWait(1, { owner: "unseen" })]);
  const whole = patient({ kind: "namespace", name: "here" }, []);
  test("likely, where an alternative could not be judged", () => {
    const lasting = [{ ...slow, signs: seenIn("it lasts") }];
    expect(adviceOn(leaking(), alone(server), lasting).certainty).toMatchObject({
      level: "likely",
      doubts: [],
    });
  });

  test.each([
    ["something known could look the same", { advice: { doubt: "rain" } }, server, "rain"],
    ["there were few samples", {}, few, "only 2 samples were taken"],
    ["holders are not visible", {}, unseen, "who holds some of the sockets is not visible"],
    ["counters are everybody's", resets, whole, "the counters are those of all programs here"],
  ])("likely, where %s", (_why, changes, there, doubt) => {
    const { certainty } = adviceOn(leaking(changes), alone(there), []);
    expect(certainty).toMatchObject({ level: "likely", doubts: [doubt] });
  });
});

describe("the cures", () => {
  const reuse = { sysctl: "net.ipv4.tcp_tw_reuse", unless: "1" };
  const cured = leaking({
    advice: {
      cures: [
        { layer: "kernel", what: "reuse", knob: reuse },
        { layer: "configuration", what: "more", knob: { sysctl: "net.ipv4.tcp_retries2" } },
      ],
      wrong: ["fin-timeout"],
    },
  });
  const withReuse = (value: string): typeof server => ({
    ...server,
    view: { ...server.view, sysctls: { "net.ipv4.tcp_tw_reuse": value } },
  });

  test("begin with the program's fixed variants; a value that was not read is left out", () => {
    expect(adviceOn(cured, alone(withReuse("2")), [])).toMatchObject({
      cures: [
        { layer: "program", what: "the cure of leak", tried: "fixed", setting: null },
        { layer: "configuration", what: "more", setting: null },
        { layer: "kernel", what: "reuse", setting: "net.ipv4.tcp_tw_reuse = 2 here" },
      ],
      noUse: [],
      wrong: [{ advice: "lower tcp_fin_timeout", shown: "C16" }],
    });
  });

  test("have none whose setting does not limit here", () => {
    const { cures, noUse } = adviceOn(cured, alone(withReuse("1")), []);
    expect(cures.map(({ what }) => what)).toEqual(["the cure of leak", "more"]);
    expect(noUse).toEqual([{ setting: "net.ipv4.tcp_tw_reuse", because: "it is 1 here already" }]);
  });

  test("name a variant once: a cure that refers to it takes its place", () => {
    const advice: Advice = { cures: [{ layer: "configuration", tried: "fixed" }] };
    expect(adviceOn(leaking({ advice }), alone(server), []).cures).toEqual([
      { layer: "configuration", what: "the cure of leak", tried: "fixed", setting: null },
    ]);
  });
});
