import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

const DEFAULT = "time-wait-length/default";
const FIN_TIMEOUT_30 = "time-wait-length/fin-timeout-30";

/** A recording in which everything in `drain` takes this many times as long. */
function slower(trial: string, times: number): ReturnType<typeof doctored> {
  return doctored(reference(trial), (sample) => ({ ...sample, atUs: Math.round(sample.atUs * times) }));
}

/** A recording of a kernel with one more sysctl. */
function withSetting(trial: string, name: string): ReturnType<typeof doctored> {
  return doctored(reference(trial), (sample) =>
    sample.kind === "report" && sample.report["kind"] === "setting"
      ? { ...sample, report: { ...sample.report, name } }
      : sample,
  );
}

describe("a verdict changes", () => {
  test("if TIME-WAIT lasts four minutes", () => {
    const long = { [DEFAULT]: slower(DEFAULT, 4) };
    expect(settled("C14a", long).verdict).toBe("holds");
    expect(settled("C14c", long).verdict).toBe("refuted");
    expect(settled("C210", long).verdict).toBe("refuted");
    expect(settled("C24b", long).verdict).toBe("refuted");
  });

  test("if tcp_fin_timeout or another sysctl shortens TIME-WAIT", () => {
    const short = { [FIN_TIMEOUT_30]: slower(FIN_TIMEOUT_30, 0.5) };
    expect(settled("C16", short).verdict).toBe("holds-with-limits");
    expect(settled("C15", short).verdict).toBe("holds");
    expect(settled("C210", short).verdict).toBe("holds-with-limits");
    const named = withSetting(DEFAULT, "net.ipv4.tcp_tw_timeout");
    expect(settled("C15", { [DEFAULT]: named }).verdict).toBe("holds");
  });

  test("if ACKs arrive that nothing caused", () => {
    const deaf = (trial: string): ReturnType<typeof doctored> =>
      doctored(reference(trial), (sample) =>
        sample.kind === "packet" && sample.from === "server" && sample.sequence > 0
          ? { ...sample, sentUs: sample.atUs, flags: sample.flags }
          : sample,
      );
    const echo = doctored(reference("time-wait-answers/late-fin"), (sample) =>
      sample.kind === "packet" && sample.flags.includes("RST")
        ? { ...sample, flags: ["ACK"], atUs: sample.atUs - 9_000_000 }
        : sample,
    );
    expect(
      settled("C35", { "time-wait-answers/five-lost": deaf("time-wait-answers/five-lost") }).verdict,
    ).toBe("refuted");
    const both = { "time-wait-answers/late-fin": echo, "time-wait-answers/five-lost": echo };
    expect(settled("C35", both).verdict).toBe("holds");
  });

  test("to inconclusive if a program could not run", () => {
    const without = doctored(reference("http-first-close/http-1.0"), (sample) =>
      sample.kind === "program" && sample.event === "exited" && sample.program === "client"
        ? { ...sample, program: "nginx", event: "failed", because: "nginx cannot be run" }
        : sample,
    );
    expect(settled("C22", { "http-first-close/http-1.0": without }).verdict).toBe("inconclusive");
  });
});
