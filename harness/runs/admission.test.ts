import { expect, test } from "vitest";
import { Admission } from "./admission.ts";

/** Tells it of a trial that runs and waits so much of each quarter of a second. */
function watch(admission: Admission, trial: string, { ran = 0, waited = 0 }, quarters = 8): void {
  for (let nth = 0; nth <= quarters; nth += 1) {
    admission.used(trial, { ranUs: nth * ran * 250_000, waitedUs: nth * waited * 250_000 }, nth * 250);
  }
}

test("one always begins where none runs, even on one processor", () => {
  expect(new Admission(1).hasRoom).toBe(true);
});

test("of those that begin, three on two processors", () => {
  const admission = new Admission(2);
  for (const trial of ["1", "2", "3"]) {
    expect(admission.hasRoom).toBe(true);
    admission.begin(trial);
  }
  expect(admission.hasRoom).toBe(false);
  admission.end("1");
  expect(admission.hasRoom).toBe(true);
});

test("what only waits costs nothing, up to a number that memory holds", () => {
  const admission = new Admission(2);
  let trials = 0;
  while (admission.hasRoom && trials < 1000) {
    trials += 1;
    admission.begin(`${trials}`);
    admission.started(`${trials}`);
    watch(admission, `${trials}`, { ran: 0.01 });
  }
  expect(trials).toBe(24);
});

test("a trial that starts its programs wants a processor, whatever was seen of it so far", () => {
  const admission = new Admission(2);
  for (const trial of ["1", "2", "3"]) {
    admission.begin(trial);
    watch(admission, trial, { ran: 0.1 });
  }
  expect(admission.hasRoom).toBe(false);
  admission.started("1");
  watch(admission, "1", { ran: 0.1 });
  expect(admission.hasRoom).toBe(true);
});

test("who is busy leaves no room; and where others take the processors, it is as busy", () => {
  for (const seen of [{ ran: 2.3 }, { ran: 0.1, waited: 2.2 }]) {
    const admission = new Admission(2);
    admission.begin("1");
    admission.started("1");
    watch(admission, "1", seen);
    expect(admission.hasRoom).toBe(false);
  }
});
