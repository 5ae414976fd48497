import { describe, expect, test } from "vitest";
import type { CountersSample } from "../model/sample.ts";
import { group, processesAt, at } from "../recording/hand-made.fixture.ts";
import { family } from "./hand-made.fixture.ts";
import { NAMESPACE, Patients } from "./patients.ts";
import type { Seen } from "./survey.ts";

const SYSCTLS = { "net.core.somaxconn": "4096" };
const SECOND = 1_000_000;

/** What a look shows of a program with so many sockets. */
function seen(pid: number, count: number): Seen {
  const subject = family(pid, "server", [8080]);
  const { processes } = processesAt(at(0), subject.name, [{ pid }]);
  return { subject, groups: [group("CLOSE-WAIT", "listener", count)], listeners: [], processes, shared: [] };
}

function counters(atUs: number, resets: number): CountersSample {
  const deltas: Record<string, number> = resets === 0 ? {} : { TcpOutRsts: resets };
  return { kind: "counters", atUs, phase: "load", host: NAMESPACE, deltas };
}

describe("what is left after looks are forgotten", () => {
  // Process 9 is there only in the first look, and process 8 only in the last ones.
  const looks = [[seen(7, 3), seen(9, 1)], [seen(7, 5)], [seen(7, 5), seen(8, 2)], [seen(7, 6), seen(8, 2)]];

  test("is what looks from then on would have shown: times and counters begin there", () => {
    const [all, later] = [new Patients(SYSCTLS), new Patients(SYSCTLS)];
    for (const [nth, look] of looks.entries()) {
      all.add(look, counters(nth * SECOND, 10 * nth));
      if (nth >= 1) later.add(look, counters((nth - 1) * SECOND, 10 * (nth - 1)));
    }
    all.forgetBefore(SECOND);
    expect(all.examined()).toEqual(later.examined());
    expect(all.examined().patients.map(({ subject }) => subject.name)).toEqual(["server-7", "server-8"]);
  });

  test("does not grow, however long it goes on and however many programs come and go", () => {
    const patients = new Patients(SYSCTLS);
    const sizes = new Set<number>();
    for (let nth = 0; nth < 2000; nth += 1) {
      // A program of its own every second look.
      patients.add([seen(7, 5), seen(100 + Math.floor(nth / 2), 1)], counters(nth * SECOND, nth));
      patients.forgetBefore((nth - 9) * SECOND);
      if (nth > 20 && nth % 2 === 0) sizes.add(JSON.stringify(patients.examined()).length);
    }
    // The pids and the counters get more digits.
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(200);
  });
});

test("a program that is gone has no sockets any more, and keeps what it was", () => {
  const patients = new Patients(SYSCTLS);
  patients.add([seen(7, 3)], counters(0, 0));
  patients.add([], counters(SECOND, 0));
  const [one] = patients.examined().patients;
  expect(one?.subject).toMatchObject({ name: "server-7" });
  expect(
    one?.view.samples.flatMap((sample) => (sample.kind === "sockets" ? [sample.groups.length] : [])),
  ).toEqual([1, 0]);
});
