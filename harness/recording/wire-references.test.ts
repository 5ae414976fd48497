import { describe, expect, test } from "vitest";
import type { InterventionPlan, Setup } from "../model/setup.ts";
import type { WireRule } from "../model/wire.ts";
import { plainSetup, plainWire } from "./hand-made.fixture.ts";
import { problems } from "./problems.fixture.ts";
import { validateSetup } from "./schema.ts";

const go: InterventionPlan = { name: "go", phase: "load", when: { elapsedMs: 5 }, do: { nothing: true } };

function withWire(rules: WireRule[], interventions: InterventionPlan[] = [go]): Setup {
  return plainSetup({ links: [plainWire({ delayMs: [0, 2.5], loss: 0.1, rules })], interventions });
}

const dropping = (match: WireRule["match"]): WireRule => ({ name: "it", match, do: { drop: true } });
const doing = (action: InterventionPlan["do"]): Setup => withWire([], [{ ...go, do: action }]);

describe("a setup with a wire", () => {
  test("is accepted unchanged", () => {
    const setup = withWire([
      dropping({ from: "client", flags: ["SYN"], without: ["ACK"], nth: { from: 2, to: null }, after: "go" }),
      {
        name: "held",
        match: { payload: "some", port: 80, connection: 1, until: "go" },
        do: { holdUntil: "go" },
      },
    ]);
    expect(validateSetup(setup)).toEqual(setup);
  });

  test.each<[string, unknown]>([
    ['links[0].rules[1].name: the name "it" is used more than once', withWire([dropping({}), dropping({})])],
    [
      'links[0].rules[0].match.from: there is no host on this link "router". There are client, server.',
      withWire([dropping({ from: "router" })]),
    ],
    [
      "links[0].rules[0].match.nth: to is 2, which is less than from, which is 3",
      withWire([dropping({ nth: { from: 3, to: 2 } })]),
    ],
    [
      'links[0].rules[0].match.after: there is no intervention "gone". There are go.',
      withWire([dropping({ after: "gone" })]),
    ],
    [
      'links[0].rules[0].match.until: there is no intervention "gone". There are none.',
      withWire([dropping({ until: "gone" })], []),
    ],
    [
      'links[0].rules[0].do.holdUntil: there is no intervention "gone". There are go.',
      withWire([{ name: "it", match: {}, do: { holdUntil: "gone" } }]),
    ],
    [
      "interventions[0].do.nth: there is no wire 1; the setup has 1, counted from 0",
      doing({ link: "cut", nth: 1 }),
    ],
    [
      'interventions[0].do.host: there is no host with a wire "router". There are client, server.',
      doing({ host: "router", become: "silent" }),
    ],
    [
      "interventions[0].do: expected { signal, program }, { sysctl, value, on }, { restart }, { link, nth }, { host, become } or { nothing: true }",
      { ...withWire([]), interventions: [{ ...go, do: { explode: true } }] },
    ],
  ])("is refused: %s", (problem, setup) => {
    expect(problems(setup).map((one) => one.replace(/, but it is .*/, ""))).toEqual([problem]);
  });
});
