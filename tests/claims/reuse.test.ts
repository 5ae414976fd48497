import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

describe("on a kernel that behaves differently", () => {
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

  test("C75 holds with limits if ports are chosen in rising order", () => {
    const trial = "client-ports/one-destination";
    let next = 32_768;
    const counted = doctored(reference(trial), (sample) => {
      if (sample.kind !== "report" || sample.report["call"] !== "connect") return sample;
      const isTaken = sample.report["result"] === undefined;
      if (isTaken) next += 1;
      return { ...sample, report: { ...sample.report, localPort: next } };
    });
    expect(settled("C75", { [trial]: counted }).verdict).toBe("holds-with-limits");
  });
});
