import { AREAS, type Area, type ClaimResult, type Statement } from "../claims/claim.ts";
import type { Text } from "../model/text.ts";
import type { Contradiction } from "../claims/contradictions.ts";
import { isMisleading } from "../claims/rank.ts";
import { decidingFor } from "../claims/settle.ts";
import { countsOf, documentsInWords, inOrder, verdictInWords, type ClaimRow } from "./claims.ts";

/** Everything that the page is made from. */
export interface Book {
  kernel: string;
  documents: Text[];
  rows: ClaimRow[];
  contradictions: Contradiction[];
}

/**
 * docs/claims.md: the claims of the documents by area, each with its verdict, the figures and the reason. The page begins with the
 * claims that mislead a reader in practice.
 */
export function claimsPage({ kernel, documents, rows, contradictions }: Book): string {
  const [misleading, others] = [true, false].map((is) =>
    inOrder(rows).filter(({ result }) => isMisleading(result) === is),
  ) as [ClaimRow[], ClaimRow[]];
  return [
    "# The five documents, claim by claim",
    "",
    intro(kernel, rows),
    "",
    "The documents, with their numbers on this page:",
    "",
    ...documents.map(({ en, zh }, nth) => `${nth + 1}. ${en} (${zh})`),
    ...partLines("What misleads in practice", MISLEADING, misleading),
    "",
    "## Where the documents contradict each other",
    "",
    "Each answer has its verdict. The same trials decided which one is right.",
    ...contradictions.flatMap((one) => contradictionLines(one, rows)),
    ...partLines("What holds, or fails only in rare cases", OTHERS, others),
    "",
  ].join("\n");
}

const MISLEADING =
  "Claims that are refuted here, claims about another kernel, default or program, and claims with a limit that occurs with default\nsettings and ordinary programs.";
const OTHERS =
  "Claims with limits that need a setting, an option, an attack or a coincidence, claims that held in everything that was tried, and\nclaims that could not be tried.";

function partLines(title: string, about: string, rows: ClaimRow[]): string[] {
  const areas = [...new Set(rows.map(({ statement }) => statement.area))];
  return rows.length === 0
    ? []
    : ["", `## ${title}`, "", about, ...areas.flatMap((area) => areaLines(area, rows))];
}

function intro(kernel: string, rows: ClaimRow[]): string {
  const counted = countsOf(rows)
    .map(({ told, count }) => `${verdictInWords(told, "en")} ${count}`)
    .join(", ");
  return [
    `Five teaching documents about TCP make ${rows.length} claims that can be tried. \`lastack claims --run\` tries them on the`,
    "running kernel. `npm run claims:page` writes this page from the recordings that come with lastack.",
    `They were made on Linux ${kernel}:`,
    `${counted}.`,
    "Another kernel can give other verdicts; run the claims there. *Holds with limits*: true as it is meant, but a condition that the",
    "claim does not exclude breaks it; everyday limits occur with default settings and ordinary programs. *Obsolete*: refuted here,",
    "but true of another kernel, default or program. `lastack claims ID` shows everything that was tried for a claim,",
    "and the trial to look at.",
  ].join("\n");
}

function contradictionLines({ about, answers, because }: Contradiction, rows: ClaimRow[]): string[] {
  const lines = answers.flatMap((id) => {
    const row = rows.find(({ statement }) => statement.id === id);
    return row === undefined ? [] : [answerLine(row)];
  });
  return ["", `### ${about.en}`, "", ...lines, "", because.en];
}

function answerLine({ statement, result }: ClaimRow): string {
  const link = `[${statement.id}](#${anchor(statement)})`;
  return `- **${verdictInWords(result, "en")}**: ${saidBy(statement)} (${link}). ${sentence(result.observed.en)}`;
}

function saidBy(statement: Statement): string {
  const say = statement.documents.length === 1 ? "says" : "say";
  return `${documentsInWords(statement)} ${say}: ${statement.statement}`;
}

function areaLines(area: Area, rows: ClaimRow[]): string[] {
  const own = rows.filter(({ statement }) => statement.area === area);
  return [
    "",
    `### ${AREAS[area].en}`,
    ...own.flatMap(({ statement, result }) => claimLines(statement, result)),
  ];
}

function claimLines(statement: Statement, result: ClaimResult): string[] {
  const [id, variant] = result.experiment.split("/");
  return [
    "",
    `<a id="${anchor(statement)}"></a>`,
    "",
    `**${statement.id}, ${verdictInWords(result, "en")}.** ${sentence(statement.statement)} 「${statement.phrase}」 (${statement.documents.join(", ")})`,
    "",
    `- ${sentence(result.because.en)}`,
    `- Observed, as in [${id}](../experiments/${id}/README.md), variant ${variant}:`,
    ...decidingFor(result).map(
      ({ where, holds, observed }) => `  - ${MARKS[String(holds)] ?? "?"} ${where.en}: ${observed.en}`,
    ),
  ];
}

/** Whether a claim held under a condition. */
const MARKS: Record<string, string> = { true: "✓", false: "✗" };

const anchor = ({ id }: Statement): string => id.toLowerCase();

function sentence(text: string): string {
  // The name of a call stays as it is: listen().
  const begun = /^\w+\(/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
