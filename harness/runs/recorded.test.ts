import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../lab/paths.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { recordingText } from "../recording/line.ts";
import { partPath, referencePath } from "../recording/place.ts";
import { readRecording } from "../recording/read.ts";
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
    // References of older versions have no seal.
    const { sealed } = readRecording(reference);
    expect([whole, parts].map((one) => one?.results[0]?.recording?.sealed)).toEqual([sealed, true]);
  });

  test.each(paths)("alone are inconclusive", async (path) => {
    const [alone] = await judgeRecordings([path], []);
    const { outcome, findings } = alone!.results[0]!.verdict;
    expect(outcome).toBe("inconclusive");
    expect(findings[0]?.observed).toMatch(/(client|server) was not observed here/);
  });
});
