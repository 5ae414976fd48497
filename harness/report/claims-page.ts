import { AREAS, type Area, type ClaimResult, type Statement } from "../claims/claim.ts";
import type { Text } from "../model/text.ts";
import type { Contradiction } from "../claims/contradictions.ts";
import { documentsInWords, verdictInWords, type ClaimRow } from "./claims.ts";

/** All that the book is made of. */
export interface Book {
  kernel: string;
  documents: Text[];
  rows: ClaimRow[];
  contradictions: Contradiction[];
}

/** docs/claims.md: what the documents say, area by area, each with its verdict, the figures and the reason. */
export function claimsPage({ kernel, documents, rows, contradictions }: Book): string {
  const areas = [...new Set(rows.map(({ statement }) => statement.area))];
  return [
    "# The five documents, claim by claim",
    "",
    intro(kernel, rows),
    "",
    "The documents, by the numbers that they have here:",
    "",
    ...documents.map(({ en, zh }, nth) => `${nth + 1}. ${en} (${zh})`),
    "",
    "## Where the documents contradict each other",
    "",
    "Every answer with its verdict. Who is right was settled by the same trials.",
    ...contradictions.flatMap((one) => contradictionLines(one, rows)),
    ...areas.flatMap((area) => areaLines(area, rows)),
    "",
  ].join("\n");
}

function intro(kernel: string, rows: ClaimRow[]): string {
  const counted = counts(rows)
    .map(({ words, count }) => `${words} ${count}`)
    .join(", ");
  return [
    `Five teaching documents about TCP say ${rows.length} things that can be tried. \`lastack claims --run\` tries them; this page is what it`,
    `printed on Linux ${kernel}, made by \`npm run claims:page\`: ${counted}. On another kernel some of it may be otherwise; run it there.`,
    "*Holds with limits*: true as it is meant, and a condition that it does not exclude breaks it. *Obsolete*: refuted here, and true of",
    "another kernel, default or program. `lastack claims ID` shows everything that was tried for a claim, and the trial to look at.",
  ].join("\n");
}

function counts(rows: ClaimRow[]): { words: string; count: number }[] {
  const verdicts = [...new Set(rows.map(({ result }) => result.verdict))];
  return verdicts
    .map((verdict) => ({
      words: verdictInWords(verdict, "en"),
      count: rows.filter(({ result }) => result.verdict === verdict).length,
    }))
    .toSorted((a, b) => b.count - a.count);
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
  return `- **${verdictInWords(result.verdict, "en")}**: ${saidBy(statement)} (${link}). ${sentence(result.observed.en)}`;
}

function saidBy(statement: Statement): string {
  const say = statement.documents.length === 1 ? "says" : "say";
  return `${documentsInWords(statement)} ${say}: ${statement.statement}`;
}

function areaLines(area: Area, rows: ClaimRow[]): string[] {
  const own = rows.filter(({ statement }) => statement.area === area);
  return [
    "",
    `## ${AREAS[area].en}`,
    ...own.flatMap(({ statement, result }) => claimLines(statement, result)),
  ];
}

function claimLines(statement: Statement, result: ClaimResult): string[] {
  const [id, variant] = result.experiment.split("/");
  return [
    "",
    `<a id="${anchor(statement)}"></a>`,
    "",
    `**${statement.id}, ${verdictInWords(result.verdict, "en")}.** ${sentence(statement.statement)} 「${statement.phrase}」 (${statement.documents.join(", ")})`,
    "",
    `- ${sentence(result.because.en)}`,
    `- Observed: ${result.observed.en}. [${id}](../experiments/${id}/README.md), variant ${variant}`,
  ];
}

const anchor = ({ id }: Statement): string => id.toLowerCase();

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
