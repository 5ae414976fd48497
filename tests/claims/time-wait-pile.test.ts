import { describe, expect, test } from "vitest";
import { timeWaitPile } from "../../harness/claims/rules/time-wait-pile.ts";
import { doctored, reference, settled } from "./settled.ts";

test.each(Object.keys(timeWaitPile))("the reason of %s is a sentence", (id) => {
  expect(settled(id).because.en).toMatch(/^[A-Z]/);
});

test("C26 has one limit fewer if connect() finds a port at once", () => {
  const others = { "time-wait-pile/at-the-client": reference("time-wait-pile/at-the-server") };
  expect(settled("C26", others).beyond.map(({ holds }) => holds)).toEqual([true, false]);
});

describe("with changed recordings", () => {
  const recycled = doctored(reference("time-wait-recycle/set-to-1"), (sample) => {
    if (sample.kind === "report") return { ...sample, report: { ...sample.report, result: "1" } };
    return sample.kind === "sockets" ? { ...sample, groups: [] } : sample;
  });

  test("C33a holds and C33b is refuted if a kernel still recycles", () => {
    const others = { "time-wait-recycle/set-to-1": recycled };
    expect(settled("C33a", others).verdict).toBe("holds");
    expect(settled("C33b", others).verdict).toBe("refuted");
  });

  test("C68 is not refuted if a server accepts no port again within the minute", () => {
    const barred = (variant: string): ReturnType<typeof doctored> =>
      doctored(reference(`nat-shares-ports/${variant}`), (sample) =>
        sample.kind === "attempt" && sample.attempt > 46
          ? { ...sample, outcome: { phase: "connect", code: "timeout", call: "connect" } }
          : sample,
      );
    const others = {
      "nat-shares-ports/router": barred("router"),
      "nat-shares-ports/no-router": barred("no-router"),
    };
    expect(settled("C68", others).verdict).not.toBe("refuted");
  });

  test("C27 holds if its pile keeps a server from accepting new connections", () => {
    const full = doctored(reference("time-wait-pile/at-the-server"), (sample) => {
      if (sample.kind === "processes") {
        const processes = sample.processes.map((row) => ({ ...row, descriptors: 4602 }));
        return { ...sample, processes };
      }
      const { kind } = sample;
      const isConnect = kind === "report" && sample.report["call"] === "connect";
      return isConnect && sample.report["result"] === 0
        ? { ...sample, report: { ...sample.report, result: "ECONNREFUSED" } }
        : sample;
    });
    const others = {
      "time-wait-pile/at-the-server": full,
      "time-wait-limit/above": reference("ephemeral-port-exhaustion/buggy"),
    };
    expect(settled("C27", others).verdict).toBe("holds");
  });
});
