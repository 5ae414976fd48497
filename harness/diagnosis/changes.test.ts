import { describe, expect, test } from "vitest";
import { Changes } from "./changes.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { closeWait, examination, family, leak, patient } from "./hand-made.fixture.ts";

const server = family(7, "server", [8080]);
const EVERYTHING = { port: null, pid: null };
const healthy = examination([patient(server, [])]);
const leaking = examination([patient(server, [closeWait(23)])]);
const unseen = examination([patient(server, [closeWait(23, { owner: "unseen" })])]);
const diagnosisOf = (looked: typeof healthy): Diagnosis => diagnose([leak], looked, EVERYTHING);
const SECOND = 1000;

/** The events of one diagnosis a second. */
function eventsOf(looks: (typeof healthy)[], changes = new Changes(3000)): string[][] {
  return looks.map((looked, nth) =>
    changes
      .next(diagnosisOf(looked), looked, nth * SECOND)
      .map((change) => (change.event === "gone" ? `gone after ${change.seenMs} ms` : change.event)),
  );
}

describe("a finding", () => {
  test("is told once when it is there, and once when it is gone for a while", () => {
    const looks = [healthy, leaking, leaking, ...Array.from({ length: 7 }, () => healthy)];
    expect(eventsOf(looks)).toEqual([[], ["found"], [], [], [], [], [], ["gone after 1000 ms"], [], []]);
  });

  test("that comes and goes within seconds is not told again and again", () => {
    const looks = Array.from({ length: 12 }, (_, nth) => (nth % 4 === 0 ? leaking : healthy));
    expect(eventsOf(looks).flat()).toEqual(["found"]);
  });

  test("that cannot be judged any more is not gone", () => {
    const looks = [leaking, ...Array.from({ length: 9 }, () => unseen)];
    expect(eventsOf(looks).flat()).toEqual(["found"]);
  });

  test("stays for as long as the time that is judged, where that is longer", () => {
    const looks = [leaking, ...Array.from({ length: 10 }, () => healthy)];
    expect(eventsOf(looks, new Changes(9000)).findIndex((one) => one.length > 0 && one[0] !== "found")).toBe(
      9,
    );
  });

  test("stands until it is gone, as it was found", () => {
    const changes = new Changes(3000);
    changes.next(diagnosisOf(leaking), leaking, 0);
    changes.next(diagnosisOf(leaking), leaking, 4000);
    expect(changes.standing()).toMatchObject([{ one: { mode: { id: "leak" } }, seenMs: 4000 }]);
    changes.next(diagnosisOf(healthy), healthy, 9000);
    expect(changes.standing()).toEqual([]);
  });
});

test("a starved machine is told once, and that it is in time again; meanwhile nothing is gone", () => {
  const starved = examination([patient(server, [])], { lack: "the machine is starved" });
  const looks = [
    leaking,
    ...Array.from({ length: 7 }, () => starved),
    ...Array.from({ length: 6 }, () => healthy),
  ];
  expect(eventsOf(looks)).toEqual([
    ["found"],
    ["starved"],
    ...Array.from({ length: 10 }, () => []),
    ["in time", "gone after 0 ms"],
    [],
  ]);
});
