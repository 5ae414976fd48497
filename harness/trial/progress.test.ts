import { expect, test } from "vitest";
import type { TrialProgress } from "../lab/order.ts";
import type { PressureSample, SocketsSample } from "../model/sample.ts";
import { group } from "../recording/hand-made.fixture.ts";
import { Progress } from "./progress.ts";

const moment = { atUs: 1_000_000, phase: "load" as const };
const sockets = (count: number, host = "server"): SocketsSample => ({
  ...moment,
  kind: "sockets",
  host,
  groups: [group("CLOSE-WAIT", "listener", count)],
});
const pressure = (ranUs: number): PressureSample => ({
  ...moment,
  kind: "pressure",
  trial: { ranUs, waitedUs: 7 },
  programs: { load: { ranUs: 47, waitedUs: 0 } },
  wires: [],
  lookLateUs: 0,
  turnLateUs: 0,
  suspendedUs: 0,
});

function progress(): { progress: Progress; said: TrialProgress[] } {
  const said: TrialProgress[] = [];
  return { progress: new Progress((one) => said.push(one)), said };
}

test("sockets are reported for each host whose states changed", () => {
  const { progress: one, said } = progress();
  one.tell([sockets(3), sockets(3, "client")]);
  one.tell([sockets(3), sockets(4, "client")]);
  one.tell([sockets(3), sockets(4, "client")]);
  expect(said).toEqual([
    { kind: "seen", host: "server", states: { "CLOSE-WAIT": 3 } },
    { kind: "seen", host: "client", states: { "CLOSE-WAIT": 3 } },
    { kind: "seen", host: "client", states: { "CLOSE-WAIT": 4 } },
  ]);
});

test("processor use is reported at once early in a phase, and later once, together with the sockets", () => {
  const { progress: one, said } = progress();
  one.saw(pressure(100), 400);
  expect(said).toEqual([{ kind: "used", ranUs: 147, waitedUs: 7 }]);
  one.saw(pressure(200), 1400);
  one.saw(pressure(300), 1500);
  expect(said).toHaveLength(1);
  one.tell([]);
  one.tell([]);
  expect(said.slice(1)).toEqual([{ kind: "used", ranUs: 347, waitedUs: 7 }]);
});
