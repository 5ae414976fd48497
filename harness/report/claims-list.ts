import wrapAnsi from "wrap-ansi";
import { AREAS, type ClaimVerdict, type Met } from "../claims/claim.ts";
import type { Text } from "../model/text.ts";
import { type ClaimRow, type ClaimsOptions, countLines, inOrder, painted, type Told } from "./claims.ts";
import { palette, type Palette } from "./palette.ts";
import { plainTable } from "./table.ts";
import { fits, wrap } from "./wrap.ts";

/** Verdicts in as few columns as can be. */
const SHORT: Record<Exclude<ClaimVerdict, "holds-with-limits"> | Met, Text> = {
  holds: { en: "holds", zh: "成立" },
  everyday: { en: "everyday limits", zh: "常有例外" },
  rare: { en: "rare limits", zh: "偶有例外" },
  refuted: { en: "refuted", zh: "不成立" },
  obsolete: { en: "obsolete", zh: "已过时" },
  "not-testable": { en: "not testable", zh: "无法验证" },
  inconclusive: { en: "inconclusive", zh: "无法判断" },
};

/** Where a claim has fewer columns than this beside its verdict, it stands below it. */
const LEAST_STATEMENT = 24;

/**
 * All claims by area, first those that mislead in practice: one line each, with its id, its verdict and what it says. Then a count of
 * verdicts. A line that is longer than `columns` ends in an ellipsis; with Infinity, every line is whole. On a narrow terminal what a claim
 * says is below its verdict, and whole.
 */
export function listClaims(rows: ClaimRow[], kernel: string, options: ClaimsOptions): string {
  const paint = palette(options.colour);
  const { language } = options;
  const ordered = inOrder(rows);
  const claims = claimLines(ordered, options, paint);
  const listed = ordered.flatMap(({ statement: { area } }, nth) => {
    const isFirst = area !== ordered[nth - 1]?.statement.area;
    return [...(isFirst ? ["", paint.title(AREAS[area][language])] : []), ...(claims[nth] ?? [])];
  });
  return [...listed, "", ...countLines(rows, kernel, options, paint)].join("\n");
}

/** The lines of each claim. */
function claimLines(rows: ClaimRow[], { language, columns }: ClaimsOptions, paint: Palette): string[][] {
  const heads = rows.map(({ statement, result }) => [
    statement.id,
    painted(result, SHORT[shortOf(result)][language], paint),
  ]);
  const said = rows.map(({ statement }) => (language === "zh" ? statement.phrase : statement.statement));
  const beside = plainTable(
    heads.map((head) => [...head, "x".repeat(LEAST_STATEMENT)]),
    [],
  );
  if (!fits(beside, columns - 2)) {
    return heads.map((head, nth) => [`  ${head.join("  ")}`, ...wrap(said[nth] ?? "", columns, "    ")]);
  }
  const whole = plainTable(
    heads.map((head, nth) => [...head, said[nth] ?? ""]),
    [],
  );
  return whole.map((line) => [cut(`  ${line}`, columns)]);
}

function shortOf({ verdict, met = "rare" }: Told): keyof typeof SHORT {
  return verdict === "holds-with-limits" ? met : verdict;
}

/** The line, or as much of it as fits, with an ellipsis. Chinese characters are two columns wide. */
function cut(line: string, columns: number): string {
  if (fits([line], columns)) return line;
  const [first = ""] = wrapAnsi(line, columns - 1, { hard: true, wordWrap: false, trim: false }).split("\n");
  return `${first.trimEnd()}…`;
}
