import { describe, expect, test } from "vitest";
import type { ClaimVerdict } from "../../harness/claims/claim.ts";
import { doctored, reference, settled } from "./settled.ts";

const EXPECTED: Record<string, ClaimVerdict> = {
  C25: "holds-with-limits",
  C26: "holds-with-limits",
  C27: "refuted",
  C28a: "holds-with-limits",
  C28b: "refuted",
  C28c: "refuted",
  C29: "holds-with-limits",
  C30: "obsolete",
  C31: "holds-with-limits",
  C32: "holds",
  C33a: "obsolete",
  C33b: "holds",
  C105: "obsolete",
  C68: "refuted",
  C220: "holds-with-limits",
  C221: "holds-with-limits",
  C222: "holds-with-limits",
  C223: "holds-with-limits",
};

describe("on the kernel of the references", () => {
  test.each(Object.entries(EXPECTED))("%s: %s", (id, verdict) => {
    const result = settled(id);
    expect(result.verdict).toBe(verdict);
    expect(result.because.en).toMatch(/^[A-Z]/);
    expect(result.because.zh).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe("recorded otherwise", () => {
  const ofReuse = (variant: string): ReturnType<typeof reference> => reference(`time-wait-reuse/${variant}`);

  test("C30 holds if the default is 0", () => {
    const others = {
      "time-wait-reuse/default": ofReuse("off"),
      "time-wait-reuse/default-on-loopback": ofReuse("loopback-without-timestamps"),
    };
    expect(settled("C30", others).verdict).toBe("holds");
  });

  test("C31 holds if a port that was bound also waits for a second", () => {
    expect(settled("C31", { "time-wait-reuse/port-by-name": ofReuse("on") }).verdict).toBe("holds");
  });

  test("C31 is refuted if 1 does nothing", () => {
    expect(settled("C31", { "time-wait-reuse/on": ofReuse("off") }).verdict).toBe("refuted");
  });

  test("C32 is refuted if a port is used again without timestamps", () => {
    const others = { "time-wait-reuse/server-without-timestamps": ofReuse("on") };
    expect(settled("C32", others).verdict).toBe("refuted");
  });

  test("C29 holds if FIN-WAIT-2 does not count towards the limit, and is refuted if there is no limit", () => {
    const [few, below] = ["few-ports", "below"].map((variant) => reference(`time-wait-limit/${variant}`));
    expect(settled("C29", { "time-wait-limit/held-by-fin-wait-2": few ?? null }).verdict).toBe("holds");
    expect(settled("C29", { "time-wait-limit/above": below ?? null }).verdict).toBe("refuted");
  });

  test("C25 holds if a server waits longer than its clients", () => {
    const others = { "keep-alive-gap/idle-limit-shorter": reference("keep-alive-gap/idle-limit-longer") };
    expect(settled("C25", others).verdict).toBe("holds");
  });

  test("C28c holds, and C28a does not, if ports in TIME-WAIT are used again", () => {
    const others = {
      "ephemeral-port-exhaustion/buggy": reference("ephemeral-port-exhaustion/fixed-by-reuse"),
    };
    expect(settled("C28c", others).verdict).toBe("holds");
    expect(settled("C28a", others).verdict).toBe("refuted");
  });

  test("C220 holds if a connection has no other protection", () => {
    const bare = reference("old-duplicate/no-guard");
    const others = { "old-duplicate/timestamps": bare, "old-duplicate/clock": bare };
    expect(settled("C220", others).verdict).toBe("holds");
  });

  test("C223 is refuted without timestamps", () => {
    const others = { "old-duplicate/timestamps": reference("old-duplicate/no-guard") };
    expect(settled("C223", others).verdict).toBe("refuted");
  });

  test("C26 has one limit fewer if connect() finds a port at once", () => {
    const others = { "time-wait-pile/at-the-client": reference("time-wait-pile/at-the-server") };
    expect(settled("C26", others).beyond.map(({ holds }) => holds)).toEqual([true, false]);
    const slow = { "time-wait-pile/at-the-server": reference("time-wait-pile/at-the-client") };
    expect(settled("C26", slow).verdict).toBe("refuted");
  });
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

  test("a missing recording makes a claim inconclusive, but an obsolete one stays obsolete", () => {
    expect(settled("C32", { "time-wait-reuse/on": null }).verdict).toBe("inconclusive");
    expect(settled("C105", { "nat-shares-ports/two-clients": null }).verdict).toBe("obsolete");
  });
});
