import { expect, test } from "vitest";
import { endsTold } from "../../measure/ends.ts";
import type { InterventionSample, ReportSample } from "../../model/sample.ts";
import { at, handMade, plainSetup } from "../../recording/hand-made.fixture.ts";
import { between } from "./bound.ts";
import { connectionsEnd } from "./ends.ts";
import { put } from "./put.fixture.ts";

const header = {
  setup: plainSetup({
    interventions: [
      {
        name: "client vanishes",
        phase: "drain",
        when: { elapsedMs: 0 },
        do: { host: "client", become: "silent" },
      },
    ],
  }),
};
const vanished: InterventionSample = {
  ...at(1000, "drain"),
  kind: "intervention",
  name: "client vanishes",
  done: true,
};
const end = (ms: number, code: string, peer = "192.0.2.1"): ReportSample => ({
  ...at(ms, "drain"),
  kind: "report",
  program: "server",
  report: { kind: "end", peer, code },
});
const recording = handMade([vanished, end(3000, "ETIMEDOUT"), end(3250, "ETIMEDOUT")], header);

test("ends come with their peer's name, and the time since it changed", () => {
  expect(endsTold(recording).map(({ peer, code, seconds }) => [peer, code, seconds])).toEqual([
    ["client", "ETIMEDOUT", 2],
    ["client", "ETIMEDOUT", 2.25],
  ]);
  expect(endsTold(recording, { program: "load" })).toEqual([]);
  expect(endsTold(recording, { phase: "load" })).toEqual([]);
  const unchanged = handMade([end(3000, "ETIMEDOUT"), end(3100, "EPIPE", "203.0.113.9")], header);
  expect(endsTold(unchanged).map(({ peer, seconds }) => [peer, seconds])).toEqual([
    ["client", null],
    [null, null],
  ]);
});

test("all of a peer's ends must be as named", () => {
  const which = { program: "server", phase: "drain" } as const;
  const two = { count: 2, code: "ETIMEDOUT" };
  expect(put(connectionsEnd(which, { client: { ...two, seconds: between(1.5, 2.5) } }), recording)).toEqual([
    "connections of server end: 2 of client with ETIMEDOUT (after between 1.5 and 2.5 s), during drain",
    true,
    "client: 2 ETIMEDOUT after 2.00 to 2.25 s",
  ]);
  for (const wanted of [
    { ...two, count: 1 },
    { ...two, count: 3 },
    { ...two, code: "ECONNRESET" },
    { ...two, seconds: between(2.1, 2.5) },
  ]) {
    expect(put(connectionsEnd(which, { client: wanted }), recording)[1]).toBe(false);
  }
  const unchanged = handMade([end(3000, "ETIMEDOUT"), end(3000, "ETIMEDOUT")], header);
  expect(put(connectionsEnd(which, { client: two }), unchanged)[1]).toBe(true);
  expect(put(connectionsEnd(which, { client: { ...two, seconds: between(0, 9) } }), unchanged)[1]).toBe(
    false,
  );
});

test("peers that are not named must have no ends", () => {
  expect(put(connectionsEnd({}, {}), recording)).toEqual([
    "no connection ends",
    false,
    "client: 2 ETIMEDOUT after 2.00 to 2.25 s",
  ]);
  expect(put(connectionsEnd({}, {}), handMade([vanished], header)).slice(1)).toEqual([
    true,
    "no end was reported",
  ]);
  const mixed = handMade([end(3000, "ETIMEDOUT"), end(3100, "EPIPE", "203.0.113.9")], header);
  expect(put(connectionsEnd({}, { client: { count: 1, code: "ETIMEDOUT" } }), mixed)).toEqual([
    "connections end: 1 of client with ETIMEDOUT",
    false,
    "client: 1 ETIMEDOUT; an unknown peer: 1 EPIPE",
  ]);
});
