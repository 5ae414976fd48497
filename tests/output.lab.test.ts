import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { fact } from "../harness/experiment.ts";
import type { Recording } from "../harness/model/recording.ts";
import { setupOf } from "../harness/model/short-setup.ts";
import { run } from "../harness/runs/run.ts";
import { socketsAtEndOf } from "../harness/verdict/vocabulary/sockets.ts";
import { exactly } from "../harness/verdict/vocabulary/bound.ts";
import { folderFor } from "./lab/user.ts";

const fixtures = join(packageRoot, "tests", "fixtures");

/** Runs a trial of one server, and gives its recording, its finding that the trial took place, and what stands beside the recording. */
async function trialOf(server: string): Promise<{
  recording: Recording;
  observed: string[];
  standardError: string | null;
}> {
  const out = folderFor("own");
  try {
    const setup = setupOf({
      servers: { server: `./${server}` },
      phases: [{ name: "load", until: { elapsedMs: 300 } }],
    });
    const none = socketsAtEndOf("load", { state: "CLOSE-WAIT" }, exactly(0)).because("nobody connects");
    const experiment = fact({
      id: "output",
      title: "What a server prints",
      question: "Where is it?",
      tags: [],
      variants: { plain: { summary: "one server", setup, exact: [none] } },
    });
    const { experiments, folder } = await run(experiment, { baseDir: fixtures, out: out.path });
    const [result] = experiments[0]?.results ?? [];
    if (result?.recording === undefined || result.recording === null) throw new Error("no recording");
    const file = join(folder, "output", "plain.server.stderr");
    return {
      recording: result.recording,
      observed: result.verdict.findings.map(({ observed }) => observed),
      standardError: existsSync(file) ? readFileSync(file, "utf8") : null,
    };
  } finally {
    out.remove();
  }
}

test("a server's log is no report, and its standard error is kept beside the recording", async () => {
  const { recording, observed, standardError } = await trialOf("logs.mjs");
  expect(observed).toEqual([expect.stringMatching(/^no CLOSE-WAIT sockets/)]);
  expect(recording.samples.filter(({ kind }) => kind === "report" || kind === "fault")).toEqual([]);
  expect(standardError).toMatch(/^request 1\n(?:request \d+\n)+request 97\n$/);
});

test("the verdict on a server that throws begins with the error's message, and says where the rest is", async () => {
  const { observed, standardError } = await trialOf("throws.mjs");
  expect(observed[0]).toMatch(
    /^the program server ended by itself, with exit code 1; it printed: .*throws\.mjs:\d+ \|/,
  );
  expect(observed[0]).toMatch(
    / \| Error: boom \| .* \| Node\.js v[\d.]+ \(whole in plain\.server\.stderr, beside the recording\)$/,
  );
  expect(standardError).toContain("Error: boom\n    at ");
});

test("a server that prints nothing leaves no file", async () => {
  expect((await trialOf("echo.mjs")).standardError).toBeNull();
});
