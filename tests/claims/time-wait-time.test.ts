import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

/** The verdicts on these claims on the kernel of the reference recordings. */
const VERDICTS = {
  C14a: "obsolete",
  C14b: "holds-with-limits",
  C14c: "holds-with-limits",
  C15: "obsolete",
  C16: "refuted",
  C17: "holds-with-limits",
  C18: "holds-with-limits",
  C19: "holds-with-limits",
  C20: "holds-with-limits",
  C21: "refuted",
  C22: "holds-with-limits",
  C23: "holds-with-limits",
  C24a: "obsolete",
  C24b: "holds-with-limits",
  C34: "holds-with-limits",
  C35: "refuted",
  C36: "holds-with-limits",
  C210: "holds",
  C211: "holds",
  C212: "holds",
  C213: "refuted",
};

test.each(Object.entries(VERDICTS))("%s %s", (id, verdict) => {
  expect(settled(id).verdict).toBe(verdict);
});

const DEFAULT = "time-wait-length/default";
const FIN_TIMEOUT_30 = "time-wait-length/fin-timeout-30";
const ALL_ELSE = "time-wait-length/all-else";

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

  test("if no RST arrives and no FIN is repeated: TIME-WAIT always lasts a minute", () => {
    const left = reference("time-wait-answers/late-fin");
    expect(settled("C14c", { "time-wait-answers/reset": left }).verdict).toBe("holds-with-limits");
    const alone = { "time-wait-answers/reset": left, "time-wait-answers/five-lost": left };
    expect(settled("C14c", alone).verdict).toBe("holds");
  });

  test("if tcp_fin_timeout has another default", () => {
    expect(settled("C17", { [DEFAULT]: reference(FIN_TIMEOUT_30) }).verdict).toBe("refuted");
    expect(settled("C19", { [DEFAULT]: reference(FIN_TIMEOUT_30) }).verdict).toBe("refuted");
    expect(
      settled("C19", { [FIN_TIMEOUT_30]: reference(DEFAULT), [ALL_ELSE]: reference(DEFAULT) }).verdict,
    ).toBe("holds");
  });

  test("if probes or the program end a FIN-WAIT-2 that the claim calls unlimited", () => {
    const probed = reference("fin-wait-2-limits/probed");
    expect(settled("C18", { [DEFAULT]: probed }).verdict).toBe("refuted");
    const held = reference("fin-wait-2-limits/unprobed");
    const pileup = reference("fin-wait-2-pileup/buggy");
    const never = { "fin-wait-2-limits/probed": held, "fin-wait-2-pileup/fixed": pileup };
    expect(settled("C18", never).verdict).toBe("holds");
  });

  test("if the other end closes first", () => {
    expect(settled("C20", { "teardown/at-once": reference("teardown/server-first") }).verdict).toBe(
      "refuted",
    );
    expect(
      settled("C22", { "http-first-close/http-1.0": reference("http-first-close/keep-alive") }).verdict,
    ).toBe("refuted");
    const closes = reference("http-first-close/connection-close");
    expect(
      settled("C22", { "http-first-close/keep-alive": closes, "http-first-close/idle": closes }).verdict,
    ).toBe("holds");
    expect(settled("C23", { "http-first-close/keep-alive": closes }).verdict).toBe("refuted");
    const client = reference("teardown/at-once");
    const others = { "http-first-close/http-1.0": client, "linger-zero-reset/buggy": client };
    expect(settled("C21", others).verdict).toBe("holds");
  });

  test("if a limit caps the pile all the time", () => {
    const capped = reference("time-wait-rate/capped");
    expect(settled("C24b", { "time-wait-rate/steady": capped }).verdict).toBe("refuted");
  });

  test("if the repeated FIN meets no TIME-WAIT, or never arrives too late", () => {
    const none = { "last-ack-lost/time-wait": reference("last-ack-lost/no-time-wait") };
    expect(settled("C34", none).verdict).toBe("refuted");
    expect(settled("C36", none).verdict).toBe("refuted");
    const inTime = { "time-wait-answers/late-fin": reference("time-wait-answers/five-lost") };
    expect(settled("C34", inTime).verdict).toBe("holds");
    expect(settled("C36", inTime).verdict).toBe("holds");
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

  test("to inconclusive if a recording is missing, or if a program could not run", () => {
    expect(settled("C14c", { [DEFAULT]: null }).verdict).toBe("inconclusive");
    const without = doctored(reference("http-first-close/http-1.0"), (sample) =>
      sample.kind === "program" && sample.event === "exited" && sample.program === "client"
        ? { ...sample, program: "nginx", event: "failed", because: "nginx cannot be run" }
        : sample,
    );
    expect(settled("C22", { "http-first-close/http-1.0": without }).verdict).toBe("inconclusive");
  });
});
