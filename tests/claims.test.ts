import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLAIM_VERDICTS } from "../harness/claims/claim.ts";
import { CONTRADICTIONS } from "../harness/claims/contradictions.ts";
import { RULES } from "../harness/claims/rules.ts";
import { DOCUMENTS, STATEMENTS } from "../harness/claims/statements.ts";
import { isMisleading } from "../harness/claims/rank.ts";
import { EN } from "../harness/claims/text/en.ts";
import { PARTS_EN } from "../harness/claims/text/parts-en.ts";
import { PARTS_ZH } from "../harness/claims/text/parts-zh.ts";
import { SUMMARIES_ZH } from "../harness/claims/text/summaries-zh.ts";
import { readTable } from "../harness/claims/text/table.ts";
import { ZH } from "../harness/claims/text/zh.ts";
import { bookOfClaims } from "../harness/runs/book.ts";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { verdictInWords } from "../harness/report/claims.ts";
import { settled } from "./claims/settled.ts";

const ids = STATEMENTS.map(({ id }) => id);
const book = readFileSync(join(packageRoot, "docs/claims.md"), "utf8");
const trials = new Set(
  (await loadCatalogue()).flatMap(({ experiment }) =>
    Object.keys(experiment.variants).map((variant) => `${experiment.id}/${variant}`),
  ),
);

test("every statement exists once, and its documents exist", () => {
  expect(new Set(ids).size).toBe(ids.length);
  // The first 121 claims are the ones that the project must answer. Further claims of the documents begin at C200.
  expect(ids.filter((id) => Number.parseInt(id.slice(1), 10) < 200).length).toBe(121);
  for (const { documents } of STATEMENTS) {
    for (const nth of documents) expect(DOCUMENTS[nth - 1]).toBeDefined();
    expect(documents).toEqual(documents.toSorted((a, b) => a - b));
  }
});

test("every statement has a rule, and every rule a statement", () => {
  expect(RULES.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test("the book agrees with the committed recordings, and begins with what misleads in practice", async () => {
  expect(book).toBe(await bookOfClaims());
  const [misleading = "", others = ""] = book.split("\n## Where the documents contradict each other");
  for (const rule of RULES) {
    const one = settled(rule.id);
    expect(isMisleading(one) ? misleading : others).toContain(`\n**${rule.id}, `);
  }
});

test("every text belongs to a rule, in both languages, and every part and scene belongs to an experiment", () => {
  const [en, zh] = [EN, ZH].map((text) => [...readTable(text)].map(([id, own]) => [id, [...own.keys()]]));
  expect(en).toEqual(zh);
  expect(en?.map(([id]) => id).toSorted()).toEqual(ids.toSorted());
  const [parts, theirs] = [PARTS_EN, PARTS_ZH].map((text) =>
    [...readTable(text)].flatMap(([experiment, own]) =>
      [...own.keys()].map((part) => `${experiment}#${part}`),
    ),
  );
  expect(parts).toEqual(theirs);
  const used = RULES.flatMap((rule) => [...rule.under, ...rule.beyond]).flatMap(
    ({ in: [trial, ...more], part }) => {
      const experiments = [trial, ...more].map((one) => one.split("/")[0]);
      return [...experiments.map((one) => `${one}#scene`), `${experiments[0]}#${part}`];
    },
  );
  expect(parts?.filter((part) => !used.includes(part))).toEqual([]);
});

// The Chinese results of claims describe their trials by these. A new failure mode that no claim needs has none yet.
test("every variant that a claim is settled from has a summary in Chinese, and only variants of the catalogue have one", () => {
  const summarised = [...readTable(SUMMARIES_ZH)].flatMap(([id, own]) =>
    [...own.keys()].map((one) => `${id}/${one}`),
  );
  const needed = RULES.flatMap(({ under, beyond }) => [...under, ...beyond].flatMap((one) => one.in));
  expect(needed.filter((trial) => !summarised.includes(trial))).toEqual([]);
  expect(summarised.filter((trial) => !trials.has(trial))).toEqual([]);
});

test("contradictions are between claims that exist", () => {
  for (const { answers } of CONTRADICTIONS) {
    expect(answers.length).toBeGreaterThan(1);
    for (const id of answers) expect(ids).toContain(id);
  }
});

test("at most two claims cannot be tested for a reason other than a setting of the whole machine", () => {
  const untestable = RULES.filter((rule) => rule.untestable?.isPerMachine === false);
  expect(untestable.length).toBeLessThanOrEqual(2);
});

describe.each(RULES)("$id", (rule) => {
  test("is settled from trials of the catalogue", () => {
    for (const condition of [...rule.under, ...rule.beyond]) {
      for (const trial of condition.in) expect([...trials]).toContain(trial);
    }
  });

  test("has a reason in both languages for its verdict on the reference recordings, and the book has this verdict", () => {
    const { verdict, met, because, observed } = settled(rule.id);
    expect(CLAIM_VERDICTS).toContain(verdict);
    expect(verdict).not.toBe("inconclusive");
    if (verdict !== "not-testable") {
      expect(rule.because[verdict] ?? rule.history?.text).toBeDefined();
    }
    expect(because.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(observed.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(observed.en).not.toMatch(/[\u4e00-\u9fff]/);
    expect(met === undefined).toBe(verdict !== "holds-with-limits");
    const told = verdictInWords({ verdict, ...(met !== undefined && { met }) }, "en");
    expect(book).toContain(`**${rule.id}, ${told}.**`);
  });
});
