import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../lab/paths.ts";
import type { Recording } from "../model/recording.ts";
import { setupOf } from "../model/short-setup.ts";
import type { Sample } from "../model/sample.ts";
import { recordingText } from "../recording/line.ts";
import { handMade } from "../recording/hand-made.fixture.ts";
import { partPath, referencePath } from "../recording/place.ts";
import { readRecording } from "../recording/read.ts";
import { runJson } from "../report/json.ts";
import { judgeRecordings } from "./recorded.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The recording that the observer of one host would write, with its own origin. */
function partOf({ header, samples }: Recording, host: string, laterUs: number): Recording {
  const isMine = (sample: Sample): boolean => {
    if ("host" in sample) return sample.host === host;
    if ("program" in sample) return header.setup.programs[sample.program]?.host === host;
    return true;
  };
  return {
    header: {
      ...header,
      originUs: header.originUs + laterUs,
      addresses: { [host]: header.addresses[host] ?? [] },
      sysctls: { [host]: header.sysctls[host] ?? {} },
    },
    samples: samples.filter(isMine).map((sample) => ({ ...sample, atUs: sample.atUs - laterUs })),
    cutOff: null,
    sealed: true,
  };
}

/** An experiment file with one variant, and a recording as if that variant had been run. */
function own(variant: string, { recordedVariant = "plain", recordedMs = 10 } = {}): [string, string] {
  const setupFor = (elapsedMs: number) => setupOf({ phases: [{ name: "load", until: { elapsedMs } }] });
  const file = join(folder, `own-${variant}.mjs`);
  // Without an import: here it is the test runner that imports the file.
  writeFileSync(
    file,
    `const one = { claim: "c", because: "b", needs: [], test: () => ({ holds: true, observed: "o" }) };
const variant = { summary: "as it is", setup: ${JSON.stringify(setupFor(10))}, exact: [one] };
export const experiment = { kind: "fact", id: "mine", title: "t", question: "q?", tags: [], variants: { "${variant}": variant } };
`,
  );
  const path = join(folder, `${variant}-${recordedMs}.ndjson`);
  const header = { experiment: "mine", variant: recordedVariant, setup: setupFor(recordedMs) };
  writeFileSync(path, recordingText(handMade([], header)));
  return [path, file];
}

describe("a recording of an experiment of one's own", () => {
  test("is judged, and the places at which the setup has changed are named", async () => {
    const [same, file] = own("plain");
    const [other] = own("plain", { recordedMs: 11 });
    const [group] = await judgeRecordings([same, other], [file]);
    expect(group?.results.map(({ changed }) => changed)).toEqual([undefined, ["phases"]]);
    expect(
      runJson([group!]).experiments[0]?.variants["plain"]?.repeats?.map((one) => one.setupChanged),
    ).toEqual([undefined, ["phases"]]);
  });

  test("whose file is not named, or does not have it, is refused with what is missing", async () => {
    const [path, file] = own("plian");
    await expect(judgeRecordings([path])).rejects.toThrow(
      /is a recording of mine\/plain, which is not in the catalogue; for your own experiment, also name its file\.$/,
    );
    await expect(judgeRecordings([path], [file])).rejects.toThrow(
      /is a recording of mine\/plain\. mine has no variant "plain"\. Did you mean plian\? The variants are: plian\.$/,
    );
    const stranger = join(folder, "stranger.ndjson");
    writeFileSync(stranger, recordingText(handMade([], { experiment: "other" })));
    await expect(judgeRecordings([stranger], [file])).rejects.toThrow(
      /which is neither in the catalogue nor in .*own-plian\.mjs; name the file that has it\.$/,
    );
  });
});

test.each<[unknown[], RegExp]>([
  [
    ["x.ndjson"],
    /^judge\(\) cannot take these arguments:\n {2}recordings: expected a list of the paths .* but it is "x\.ndjson"$/,
  ],
  [[[]], /recordings: expected a list of the paths of recordings, but it is \[\]$/],
  [[[undefined]], /recordings: expected a list of the paths of recordings, but it is \[undefined\]$/],
  [[["x.ndjson"], "mine.ts"], /\n {2}files: expected a list of experiment files, but it is "mine\.ts"$/],
  [[["x.ndjson"], [], 7], /\n {2}onUnread: expected a function, but it is 7$/],
])("arguments that judge cannot take are named: %j", async (wrong, problem) => {
  await expect(judgeRecordings(...(wrong as [string[]]))).rejects.toThrow(problem);
});

describe.each([
  ["close-wait-leak", "buggy"],
  ["close-wait-leak", "fixed"],
  ["forked-child-holds-connection", "buggy"],
  ["accept-queue-overflow", "buggy"],
  ["ephemeral-port-exhaustion", "buggy"],
  ["short-against-long", "short-http"],
])("the parts of %s/%s", (id, variant) => {
  const reference = referencePath(packageRoot, id, variant);
  const file = join(folder, `${id}-${variant}`);
  const paths = ["client", "server"].map((host, nth) => {
    const path = partPath(file, host);
    // The client's observer started 0.25 s before the server's: the common time axis begins at the client's origin.
    writeFileSync(path, recordingText(partOf(readRecording(reference), host, nth === 0 ? 0 : -250_000)));
    return path;
  });

  test("together get the same verdict as the whole recording", async () => {
    const [whole] = await judgeRecordings([reference], []);
    const [parts, another] = await judgeRecordings(paths, []);
    expect(another).toBeUndefined();
    expect(parts?.results).toHaveLength(1);
    const outcomes = parts?.results[0]?.verdict.findings.map(({ claim, outcome }) => ({ claim, outcome }));
    expect(outcomes).toEqual(
      whole?.results[0]?.verdict.findings.map(({ claim, outcome }) => ({ claim, outcome })),
    );
    expect(parts?.results[0]?.verdict.outcome).toBe("confirmed");
    expect([whole, parts].map((one) => one?.results[0]?.recording?.sealed)).toEqual([false, true]);
  });

  test.each(paths)("alone are inconclusive", async (path) => {
    const [alone] = await judgeRecordings([path], []);
    const { outcome, findings } = alone!.results[0]!.verdict;
    expect(outcome).toBe("inconclusive");
    expect(findings[0]?.observed).toMatch(/(client|server) was not observed here/);
  });
});
