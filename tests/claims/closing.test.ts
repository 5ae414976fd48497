import { expect, test } from "vitest";
import type { PacketSample, Sample } from "../../harness/model/sample.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { doctored, reference, settled } from "./settled.ts";

/** A recording without one repetition of a FIN, as from a kernel that tries once less. */
function withoutLastFin(trial: string, connection: number, from: "client" | "server"): Recording {
  const isFin = (sample: Sample): sample is PacketSample =>
    sample.kind === "packet" &&
    sample.connection === connection &&
    sample.from === from &&
    sample.flags.includes("FIN") &&
    sample.phase !== "end";
  const recording = reference(trial);
  const last = recording?.samples.findLast(isFin);
  return doctored(recording, (sample) => (sample === last ? null : sample));
}

test("C56 holds if the FIN of a socket with a process is repeated as often as an orphan's", () => {
  const trial = "orphans/few-retries";
  expect(settled("C56", { [trial]: withoutLastFin(trial, 2, "client") }).verdict).toBe("holds");
});

test("C57 is refuted if a kernel tries seven times", () => {
  const trial = "orphans/unanswered-probes";
  const probes = reference(trial)?.samples.filter(
    (sample) => sample.kind === "packet" && sample.link === 0 && sample.sequence === 50,
  );
  const seven = doctored(reference(trial), (sample) => sample);
  expect(probes).toHaveLength(8);
  const last = probes?.at(-1)?.atUs;
  const without = seven.samples.filter((sample) => sample.kind !== "packet" || sample.atUs !== last);
  expect(settled("C57", { [trial]: { ...seven, samples: without } }).verdict).toBe("refuted");
});

test("C58 holds if the orphan still exists, and is inconclusive without looks", () => {
  const trial = "orphans/zero-window";
  const kept = doctored(reference(trial), (sample) =>
    sample.kind !== "sockets"
      ? sample
      : {
          ...sample,
          groups: sample.groups.flatMap((group) =>
            group.state === "FIN-WAIT-1" && group.owner !== "none"
              ? [group, { ...group, owner: "none" as const }]
              : [group],
          ),
        },
  );
  expect(settled("C58", { [trial]: kept }).verdict).toBe("holds");
  const blind = doctored(reference(trial), (sample) => (sample.kind === "sockets" ? null : sample));
  expect(settled("C58", { [trial]: blind }).verdict).toBe("inconclusive");
});

test("C54 holds, but not for SHUT_RDWR, if SHUT_RD discards data that has arrived", () => {
  const trial = "shutdown-three-ways/read";
  const empty = doctored(reference(trial), (sample) =>
    sample.kind === "report" && sample.report["call"] === "recv"
      ? { ...sample, report: { ...sample.report, result: 0, bytes: 0 } }
      : sample,
  );
  expect(settled("C54", { [trial]: empty }).verdict).toBe("holds-with-limits");
});

test("C60 holds if the FIN of a LAST-ACK with a process is repeated as rarely as an orphan's", () => {
  const trial = "orphans/few-retries";
  const recording = reference(trial);
  const until = withoutLastFin(trial, 4, "server");
  expect(recording?.samples.length).toBe(until.samples.length + 1);
  expect(settled("C60", { [trial]: until }).verdict).toBe("holds");
});

test("C244 depends on the sysctl that the namespace has", () => {
  const trial = "orphans/unanswered-probes";
  const recording = doctored(reference(trial), (sample) => sample);
  const sysctls = { ...recording.header.sysctls, client: { "net.ipv4.tcp_orphan_retries": "3" } };
  const other = { ...recording, header: { ...recording.header, sysctls } };
  expect(settled("C244", { [trial]: other }).verdict).toBe("refuted");
  expect(settled("C57", { [trial]: other }).verdict).toBe("refuted");
});
