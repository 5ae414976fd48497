import { describe, expect, test } from "vitest";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import type { Sample } from "../model/sample.ts";
import { at, handMade, listenerAt, pressureAt, processesAt } from "../recording/hand-made.fixture.ts";
import { dialogueLines, plainServer, reportOf } from "./checked-server.fixture.ts";
import { probe } from "./descriptors-run-out.ts";

const server = plainServer();
const [spins, serves] = probe.claims(server, DEFAULT_BOUNDS);
const LIMIT = 43;

interface Course {
  /** How much of each look's 100 ms the server ran, and waited for a processor. */
  ranMs: number;
  waitedMs?: number;
  descriptors?: number;
  looks?: number;
}

/** Looks at a server, a tenth of a second apart, while the crowd is there. */
function course({ ranMs, waitedMs = 0, descriptors = LIMIT, looks = 10 }: Course): Sample[] {
  return Array.from({ length: looks }, (_, nth): Sample[] => {
    const moment = at(500 + 100 * nth);
    const row = { pid: 7, descriptors, descriptorLimit: LIMIT, cpuMs: 50 + ranMs * nth };
    const time = { ranUs: 1000 * ranMs * nth, waitedUs: 1000 * waitedMs * nth };
    return [
      processesAt(moment, "server", [row]),
      pressureAt(moment, {}, { programs: { server: time } }),
      listenerAt(moment, "server", 7, 511),
    ];
  }).flat();
}

describe("a server without a free descriptor", () => {
  test.each<[string, Course, boolean | null]>([
    ["spins when it runs all the time", { ranMs: 98 }, false],
    ["spins when it ran all the time that it could have", { ranMs: 33, waitedMs: 66 }, false],
    ["waits when it sleeps", { ranMs: 3 }, true],
    ["waits when it sleeps on a busy machine", { ranMs: 3, waitedMs: 40 }, true],
    ["is not there when descriptors did not run out", { ranMs: 98, descriptors: LIMIT - 3 }, true],
    ["is not known from less than half a second", { ranMs: 98, looks: 5 }, null],
  ])("%s", (_, seen, holds) => {
    expect(spins?.test(handMade(course(seen))).holds).toBe(holds);
  });

  test("spins at a risk, and says with which figures", () => {
    expect(spins?.otherwise).toBe("warn");
    expect(spins?.test(handMade(course({ ranMs: 98 }))).observed).toBe(
      "it had at most 43 of 43 descriptors, and 7 clients waited for accept(): for 0.9 s, it used 98 % of the processor time that it could have had",
    );
  });

  test("for a moment only, because it closes connections, does not spin", () => {
    const closed = reportOf("crowd", 500, 1, { kind: "ended", how: "FIN", idleMs: 1 });
    expect(spins?.test(handMade([...course({ ranMs: 98, looks: 5 }), closed])).holds).toBe(true);
  });
});

describe("when the clients have gone, a server", () => {
  const after = (...outcomes: string[]): Sample[] =>
    outcomes.flatMap((outcome, nth) =>
      dialogueLines("after", { connection: nth + 1, fromMs: 2000 + 100 * nth, ms: 5, outcome }),
    );
  const looks = [processesAt(at(2300), "server", [{ pid: 7, descriptors: LIMIT, descriptorLimit: LIMIT }])];

  test.each<[string, Sample[], boolean | null]>([
    ["serves again", after("ok", "ok"), true],
    ["serves again when it has seen that they have gone", after("FIN", "ok"), true],
    ["does not serve again", after("FIN", "FIN"), false],
    ["is not known when nobody came", [], null],
  ])("%s", (_, samples, holds) => {
    expect(serves?.test(handMade([...looks, ...samples])).holds).toBe(holds);
  });

  test("that does not serve is to blame when it had a processor since then, however busy the machine was before", () => {
    const blamed = (...waitedMs: [number, number, number]): unknown => {
      const pressures = [1000, 1990, 2090].map((ms, nth) =>
        pressureAt(at(ms), { server: waitedMs[nth] ?? 0 }),
      );
      const isSure = serves?.atAnyPace;
      return (
        typeof isSure === "function" && isSure(handMade([...pressures, ...after("FIN", "FIN")]), 900_000)
      );
    };
    expect(blamed(0, 900, 901)).toBe(true);
    expect(blamed(0, 900, 990)).toBe(false);
  });
});
