import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test.each([
  ["C63", "holds-with-limits"],
  ["C64", "holds-with-limits"],
  ["C65", "holds-with-limits"],
  ["C66", "refuted"],
  ["C67", "refuted"],
  ["C69", "holds-with-limits"],
  ["C70", "refuted"],
  ["C71", "holds-with-limits"],
  ["C72", "refuted"],
  ["C73", "holds-with-limits"],
  ["C74", "obsolete"],
  ["C75", "obsolete"],
  ["C102", "holds"],
  ["C104", "holds-with-limits"],
  ["C250", "holds"],
  ["C251", "refuted"],
  ["C252", "holds-with-limits"],
])("%s: %s", (id, verdict) => {
  const result = settled(id);
  expect(result, JSON.stringify(result.observed)).toMatchObject({ id, verdict });
});

describe("on a kernel that behaves differently", () => {
  const instead = (id: string, trial: string, other: string): string =>
    settled(id, { [trial]: reference(other) }).verdict;

  test("C63 is refuted if old segments are kept out without TIME-WAIT", () => {
    expect(instead("C63", "old-duplicate/no-guard", "old-duplicate/timestamps")).toBe("refuted");
  });

  test("C64 and C104 are refuted if timestamps keep nothing out", () => {
    expect(instead("C64", "old-duplicate/timestamps", "old-duplicate/no-guard")).toBe("refuted");
    expect(instead("C104", "old-timestamp/data", "old-timestamp/data-no-timestamps")).toBe("refuted");
  });

  test("C104 holds if the timestamp of a RST is checked too", () => {
    expect(instead("C104", "old-timestamp/reset", "old-timestamp/data")).toBe("holds");
  });

  test("C65 is refuted if only the timestamp of a SYN counts, and holds if it does not count", () => {
    const [higher, older] = ["syn-on-time-wait/higher", "syn-on-time-wait/higher-older-timestamp"];
    expect(instead("C65", higher, older)).toBe("refuted");
    expect(instead("C65", older, higher)).toBe("holds");
  });

  test("C66 holds if a lower SYN gets no answer", () => {
    const mute = (trial: string): ReturnType<typeof doctored> =>
      doctored(reference(trial), (sample) =>
        (sample.kind === "packet" && sample.from === "server" && sample.phase === "drain") ||
        (sample.kind === "report" && sample.report["call"] === "accept" && sample.phase === "drain")
          ? null
          : sample,
      );
    const lower = "syn-on-time-wait/lower";
    const newer = "syn-on-time-wait/lower-newer-timestamp";
    expect(settled("C66", { [lower]: mute(lower) }).verdict).toBe("holds-with-limits");
    expect(settled("C66", { [lower]: mute(lower), [newer]: mute(newer) }).verdict).toBe("holds");
  });

  test("C71 is refuted and C67 holds if the connecting end cannot begin a second connection without timestamps", () => {
    const [defaults, without] = ["fixed-client-port/defaults", "fixed-client-port/no-timestamps"];
    expect(instead("C71", defaults, without)).toBe("refuted");
    const others = {
      [defaults]: reference(without),
      "syn-on-time-wait/higher": reference("syn-on-time-wait/higher-older-timestamp"),
    };
    expect(settled("C67", others).verdict).toBe("holds");
  });

  test("C69 is refuted if a new option frees an old port, or if a crash blocks no port", () => {
    const [neither, both] = ["bind-again/neither", "bind-again/both"];
    expect(instead("C69", neither, "bind-again/client-closed")).toBe("refuted");
    expect(instead("C69", both, "bind-again/successor-only")).toBe("refuted");
  });

  test("C70 holds if connections in other states block a listener", () => {
    const trial = "bind-again/all-states";
    let attempts = 0;
    const refused = doctored(reference(trial), (sample) => {
      if (sample.kind !== "report" || sample.report["call"] !== "listen") return sample;
      attempts += 1;
      const result = attempts === 4 ? "EADDRINUSE" : (sample.report["result"] ?? null);
      return { ...sample, report: { ...sample.report, result } };
    });
    expect(settled("C70", { [trial]: refused }).verdict).toBe("holds");
  });

  test("C74 holds if a port can be taken from a listener", () => {
    const trial = "bind-again/taker";
    const shared = doctored(reference(trial), (sample) =>
      sample.kind === "report" && sample.program === "taker" && sample.report["call"] === "listen"
        ? { ...sample, report: { ...sample.report, result: 0 } }
        : sample,
    );
    expect(settled("C74", { [trial]: shared }).verdict).toBe("holds");
  });

  test("C75 holds with limits, and C252 is refuted, if ports are chosen in rising order", () => {
    const trial = "client-ports/one-destination";
    let next = 32_768;
    const counted = doctored(reference(trial), (sample) => {
      if (sample.kind !== "report" || sample.report["call"] !== "connect") return sample;
      const isTaken = sample.report["result"] === undefined;
      if (isTaken) next += 1;
      return { ...sample, report: { ...sample.report, localPort: next } };
    });
    expect(settled("C75", { [trial]: counted }).verdict).toBe("holds-with-limits");
    expect(instead("C252", "client-ports/destinations", trial)).toBe("refuted");
  });

  test("a missing recording makes a claim inconclusive", () => {
    expect(settled("C69", { "bind-again/neither": null }).verdict).toBe("inconclusive");
    expect(settled("C102", { "bind-again/all-states": null }).verdict).toBe("inconclusive");
  });
});
