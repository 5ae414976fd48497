import type { Language, Text } from "../../harness/model/text.ts";
import { CLIENT_WORDS, EXPLAINED, PAGE, SIGNS } from "./explained.ts";
import { type ClientResult, isWell, outcomesOf, type ServerResult } from "./result.ts";

/** All results, and the rows of both tables in their order. */
export interface Matrices {
  /** The ids of the probes. */
  probes: string[];
  servers: ServerResult[];
  /** The names of the servers for clients. */
  evil: string[];
  clients: ClientResult[];
}

/** A cell that is explained: a program, and a row of its table. */
export interface ToExplain {
  id: string;
  title: string;
  row: string;
  outcome: string;
}

/** The cells that need an explanation: what a server fails or is warned of, and where a client is deceived or leaks. */
export function toExplain({ servers, clients }: Matrices): ToExplain[] {
  return [...servers, ...clients].flatMap((result) =>
    Object.entries(outcomesOf(result))
      .filter(([, outcome]) => !isWell(outcome))
      .map(([row, outcome]) => ({ id: result.id, title: result.title, row, outcome })),
  );
}

/** The page of both tables. */
export function matrixPage(all: Matrices, language: Language): string {
  const words = (text: Text): string => text[language];
  const kernel = all.servers[0]?.kernel ?? "";
  const parts = [
    `# ${words(PAGE.title)}`,
    words(PAGE.intro).replace("KERNEL", kernel),
    `## ${words(PAGE.servers)}`,
    words(PAGE.serversIntro),
    table(all.probes, all.servers, (outcome) => words(SIGNS[outcome] ?? { en: outcome, zh: outcome })),
    explained(all.servers, all, language),
    `## ${words(PAGE.clients)}`,
    words(PAGE.clientsIntro),
    table(all.evil, all.clients, (outcome) => words(CLIENT_WORDS[outcome] ?? { en: outcome, zh: outcome })),
    explained(all.clients, all, language),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A row for each thing that was tried, a column for each program. Each cell is a link to its evidence. */
function table(
  rows: string[],
  results: readonly (ServerResult | ClientResult)[],
  sign: (outcome: string) => string,
): string {
  const head = [
    "",
    ...results.map(({ id, title, version }) => `[${title}](check-results/${id}.md) ${version}`),
  ];
  const lines = rows.map((row) => {
    const cells = results.map((result) => {
      const outcome = outcomesOf(result)[row];
      return outcome === undefined ? "" : `[${sign(outcome)}](check-results/${result.id}.md#${row})`;
    });
    return [row, ...cells];
  });
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

/** Why what is not well is not well, a sentence or two each. */
function explained(
  results: readonly (ServerResult | ClientResult)[],
  all: Matrices,
  language: Language,
): string {
  const ids = new Set(results.map(({ id }) => id));
  return toExplain(all)
    .filter(({ id }) => ids.has(id))
    .map(({ id, title, row, outcome }) => {
      const text = EXPLAINED[`${id}/${row}`]?.[language] ?? "";
      return `- **${title}**, [${row}](check-results/${id}.md#${row}) (${outcome}): ${text}`;
    })
    .join("\n");
}
