import { expect, test } from "vitest";
import { Admission } from "./admission.ts";

/** Reports a trial that ran and waited these parts of each quarter of a second. */
function watch(admission: Admission, trial: string, { ran = 0, waited = 0 }, quarters = 8): void {
  for (let nth = 0; nth <= quarters; nth += 1) {
    admission.used(trial, { ranUs: nth * ran * 250_000, waitedUs: nth * waited * 250_000 }, nth * 250);
  }
}

test("when no trial runs, one can always begin, even on one processor", () => {
  expect(new Admission(1).hasRoom).toBe(true);
});

test("two processors have room for three trials that are starting", () => {
  const admission = new Admission(2);
  for (const trial of ["1", "2", "3"]) {
    expect(admission.hasRoom).toBe(true);
    admission.begin(trial);
  }
  expect(admission.hasRoom).toBe(false);
  admission.end("1");
  expect(admission.hasRoom).toBe(true);
});

test("trials that only wait need no processor, but their number is limited because of memory", () => {
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

test("a trial that is starting its programs needs a processor, however little it has used so far", () => {
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

test("a busy trial leaves no room, and time that it waits for a processor counts like time on one", () => {
  for (const seen of [{ ran: 2.3 }, { ran: 0.1, waited: 2.2 }]) {
    const admission = new Admission(2);
    admission.begin("1");
    admission.started("1");
    watch(admission, "1", seen);
    expect(admission.hasRoom).toBe(false);
  }
});
