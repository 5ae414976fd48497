import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exactly, fact, socketsAtEndOf } from "../experiment.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialOrder } from "../lab/order.ts";
import { plainSetup } from "../recording/hand-made.fixture.ts";
import { select } from "./catalogue.ts";
import { longestFirst, runTrial } from "./trial.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const claim = socketsAtEndOf("drain", { host: "server", state: "CLOSE-WAIT" }, exactly(0));
const experiment = fact({
  id: "some",
  title: "Some",
  question: "Any?",
  tags: [],
  variants: { plain: { summary: "as it is", setup: plainSetup(), exact: [claim.because("it closes")] } },
});

/** A lab whose trials write this text in place of a recording. */
function labThatWrites(text: string): Laboratory {
  const run = (order: TrialOrder): ReturnType<Laboratory["run"]> => {
    mkdirSync(dirname(order.out), { recursive: true });
    writeFileSync(order.out, text);
    return { trial: 1, ended: Promise.resolve({ reason: "completed" }) };
  };
  return { run } as unknown as Laboratory;
}

test.each([
  ["empty", "", /is empty: the trial was cut off before it wrote anything/],
  ["damaged", "}{\n", /line 1: it is not JSON/],
])("a recording that is %s makes its trial inconclusive, and says why", async (name, text, sentence) => {
  const plan = { experiment, variant: "plain", baseDir: folder, repeat: undefined };
  const result = await runTrial(
    plan,
    labThatWrites(text),
    join(folder, name),
    { hold: false, pcap: false },
    () => {},
  );
  expect(result.verdict.outcome).toBe("inconclusive");
  expect(result.verdict.findings[0]?.observed).toMatch(sentence);
  expect(result.recording).toBeNull();
});

test("trials begin in the order of their references' lengths, the longest first", async () => {
  const plans = (await select(["handshake", "time-wait-length", "orphans"], false)).flatMap((entry) =>
    Object.keys(entry.experiment.variants).map((variant) => ({ ...entry, variant, repeat: undefined })),
  );
  const ids = [...new Set(longestFirst(plans).map((plan) => plan.experiment.id))];
  expect(ids).toEqual(["time-wait-length", "orphans", "handshake"]);
  expect(longestFirst(plans).length).toBe(plans.length);
});
