import { describe, expect, test } from "vitest";
import type { ClaimResult, Statement } from "../claims/claim.ts";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { claimsJson } from "./claims-json.ts";
import { listClaims } from "./claims-list.ts";
import { claimsPage } from "./claims-page.ts";
import { reportClaim, reportClaims, type ClaimRow } from "./claims.ts";

const statement: Statement = {
  id: "C14a",
  area: "time-wait",
  documents: [2, 3],
  phrase: "持续2MSL，缺省为240秒",
  statement: "TIME-WAIT lasts 240 s by default",
};
const settled = {
  where: { en: "with the defaults", zh: "默认设置下" },
  in: ["length/default"],
  holds: false,
  observed: { en: "TIME-WAIT lasted 60.1 s", zh: "TIME-WAIT 持续了 60.1 秒" },
};
const result: ClaimResult = {
  id: "C14a",
  verdict: "refuted",
  observed: { en: "with the defaults: TIME-WAIT lasted 60.1 s", zh: "默认设置下：TIME-WAIT 持续了 60.1 秒" },
  because: { en: "the length is compiled in", zh: "时长在编译时就定死了，".repeat(8) },
  experiment: "length/default",
  under: [settled],
  beyond: [],
};
const rows: ClaimRow[] = [{ statement, result }];
const options = { colour: false, columns: 72 } as const;

const trial = handMade([socketsAt(at(10), "client", [group("TIME-WAIT", "connector", 3)])]);

/** East Asian wide characters take two columns. */
const width = (line: string): number =>
  Array.from(line).reduce((sum, one) => sum + (/[\u3000-\uffee]/.test(one) ? 2 : 1), 0);

describe("claims", () => {
  test("are printed by area, with verdict, figure and reason, and counted", () => {
    const text = reportClaims(rows, "6.18.0", { ...options, language: "en" });
    expect(text).toMatch(/^\nTIME-WAIT\n  C14a +refuted {2}TIME-WAIT lasts 240 s by default\n/);
    expect(text).toContain("with the defaults: TIME-WAIT lasted 60.1 s");
    expect(text).toMatch(/refuted +1\n1 claim on Linux 6\.18\.0$/);
  });

  test("are listed in one line each, in columns as wide as their cells", () => {
    const told = (id: string, changes: Partial<ClaimResult>): ClaimRow => ({
      statement: {
        ...statement,
        id,
        statement: `${id} is a claim that is much longer than the terminal has columns`,
      },
      result: { ...result, id, ...changes },
    });
    const all = [
      told("C100a", { verdict: "holds-with-limits", met: "everyday" }),
      told("C1", { verdict: "holds" }),
    ];
    const list = listClaims(all, "6.18.0", { ...options, language: "en", columns: 60 }).split("\n");
    expect(list.slice(0, 4)).toEqual([
      "",
      "TIME-WAIT",
      "  C100a  everyday limits  C100a is a claim that is much lon…",
      "  C1     holds            C1 is a claim that is much longer…",
    ]);
    for (const line of list) expect(width(line), line).toBeLessThanOrEqual(60);
    const whole = listClaims(all, "6.18.0", { ...options, language: "en", columns: Infinity });
    expect(whole).toContain("much longer than the terminal has columns\n");
    const chinese = listClaims(all, "6.18.0", { ...options, language: "zh", columns: 30 }).split("\n");
    expect(chinese.slice(2, 4)).toEqual(["  C100a  常有例外", "    持续2MSL，缺省为240秒"]);
    const narrow = listClaims(all, "6.18.0", { ...options, language: "en", columns: 40 }).split("\n");
    expect(narrow.slice(2, 6)).toEqual([
      "  C100a  everyday limits",
      "    C100a is a claim that is much longer",
      "    than the terminal has columns",
      "  C1  holds",
    ]);
    const full = reportClaims(all, "6.18.0", { ...options, language: "en" });
    expect(full).toMatch(/^ {2}C100a {2}holds with everyday limits {2}C100a is/m);
    expect(full).toMatch(/^ {2}C1 {5}holds {2}C1 is/m);
  });

  test("are printed in Chinese, in lines that fit", () => {
    const text = reportClaims(rows, "6.18.0", { ...options, language: "zh" });
    expect(text).toContain(`不成立  ${statement.phrase}`);
    for (const line of text.split("\n")) expect(width(line), line).toBeLessThanOrEqual(72);
  });

  test("are explained one by one, with every condition", () => {
    const text = reportClaim(rows[0]!, () => trial, { ...options, language: "en" });
    expect(text).toContain("✗ with the defaults: TIME-WAIT lasted 60.1 s");
    expect(text).toContain("length/default");
    expect(text).not.toContain("does not exclude");
    expect(text).toMatch(/documents 2 and 3: 持续/);
    expect(text).toMatch(/sockets: most seen.*\n.*client connector TIME-WAIT +3 → 3/);
    expect(text).toContain("lastack run length --variant default");
    const chinese = reportClaim(rows[0]!, () => null, { ...options, language: "zh" });
    expect(chinese).toContain("文档 2、3：持续2MSL");
    expect(chinese).toContain("✗ 默认设置下：TIME-WAIT 持续了 60.1 秒");
  });

  test("are printed in an order that begins with those that mislead in practice", () => {
    const told = (id: string, changes: Partial<ClaimResult>): ClaimRow => ({
      statement: { ...statement, id },
      result: { ...result, id, ...changes },
    });
    const all = [
      told("C1", { verdict: "holds" }),
      told("C2", { verdict: "holds-with-limits", met: "rare" }),
      told("C3", { verdict: "holds-with-limits", met: "everyday" }),
      told("C4", { verdict: "obsolete" }),
      told("C5", {}),
    ];
    const order = ["C5", "C4", "C3", "C2", "C1"];
    const json = claimsJson(all, "6.18.0", "en").claims;
    expect(json.map(({ id }) => id)).toEqual(order);
    expect(json.map(({ met }) => met)).toEqual([undefined, undefined, "everyday", "rare", undefined]);
    const text = reportClaims(all, "6.18.0", { ...options, language: "en" });
    expect([...text.matchAll(/^ {2}(C\d)/gm)].map(([, id]) => id)).toEqual(order);
    expect(text).toMatch(/holds with everyday limits +1\nholds with rare limits +1\n/);
    const page = claimsPage({ kernel: "6.18.0", documents: [], rows: all, contradictions: [] });
    expect([...page.matchAll(/^\*\*(C\d), |^## .*$/gm)].map(([line, id]) => id ?? line)).toEqual([
      "## What misleads in practice",
      ...order.slice(0, 3),
      "## Where the documents contradict each other",
      "## What holds, or fails only in rare cases",
      ...order.slice(3),
    ]);
  });

  test("are printed as JSON in one language", () => {
    expect(claimsJson(rows, "6.18.0", "zh")).toMatchObject({
      kernel: "6.18.0",
      claims: [
        { id: "C14a", verdict: "refuted", observed: result.observed.zh, experiment: "length/default" },
      ],
    });
  });

  test("are printed as a page, with the contradictions", () => {
    const documents = [{ en: "one", zh: "一" }];
    const because = { en: "240 s is of another system.", zh: "" };
    const contradictions = [{ about: { en: "How long?", zh: "" }, answers: ["C14a"], because }];
    const page = claimsPage({ kernel: "6.18.0", documents, rows, contradictions });
    expect(page).toContain(
      "### How long?\n\n- **refuted**: documents 2 and 3 say: TIME-WAIT lasts 240 s by default",
    );
    expect(page).toContain("240 s is of another system.");
    expect(page).toContain("**C14a, refuted.** TIME-WAIT lasts 240 s by default.");
    expect(page).toContain("[length](../experiments/length/README.md), variant default");
  });
});
