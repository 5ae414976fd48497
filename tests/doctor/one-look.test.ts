import { describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { hosts } from "../../harness/measure/evidence.ts";
import { view } from "../../harness/measure/view.ts";
import type { View } from "../../harness/model/expectation.ts";
import type { FailureMode } from "../../harness/model/experiment.ts";
import { referencePath } from "../../harness/recording/place.ts";
import { readRecording } from "../../harness/recording/read.ts";
import { judge } from "../../harness/verdict/judge.ts";
import { liveModes } from "./modes.ts";

// A sosreport is one look. It also has files on processes (ps, /proc/PID/limits), which --from does not read: whoever asks for a process asks
// for some time, too. If a symptom comes that needs a process and no time, these files are worth reading (docs/doctor.md).

const modes = await liveModes();
const needsProcess = ({ symptom }: FailureMode): boolean =>
  symptom.some((part) => part.needs.includes("processes"));

/** One look for each sample of sockets: it, and the samples of listeners and processes before it. */
function looksOf(of: View): View[] {
  return of.samples.flatMap((sample, nth) => {
    if (sample.kind !== "sockets") return [];
    const before = (["listeners", "processes"] as const).flatMap((kind) =>
      of.samples
        .slice(0, nth)
        .filter((one) => one.kind === kind)
        .slice(-1),
    );
    const samples = [...before, sample].map((one) => ({ ...one, atUs: sample.atUs }));
    return [{ ...of, samples }];
  });
}

/** The looks that confirm a symptom alone, of the hosts on which it is seen, and how many there are. */
function inOneLook({ id, symptom }: FailureMode): { looks: number; confirmed: number } {
  const recording = readRecording(referencePath(packageRoot, id, "buggy"));
  const looks = hosts(recording)
    .map((host) => view(recording, host))
    .filter((of) => judge(symptom, of).outcome === "confirmed")
    .flatMap(looksOf);
  const confirmed = looks.filter((look) => judge(symptom, look).outcome === "confirmed").length;
  return { looks: looks.length, confirmed };
}

describe("from one look, with all that /proc shows of processes", () => {
  test.each(modes.filter(needsProcess))("$id is not found", (mode) => {
    const { looks, confirmed } = inOneLook(mode);
    expect(looks).toBeGreaterThan(0);
    expect(confirmed).toBe(0);
  });

  test("a mode that needs neither a process nor time is", () => {
    const found = modes.filter((mode) => !needsProcess(mode) && inOneLook(mode).confirmed > 0);
    expect(found.map(({ id }) => id)).toContain("ephemeral-port-exhaustion");
  });
});
