/** A table of a page: its rows as cells, with the heading as first row. */
export type Table = string[][];

/** The tables of a page, in order. A `|` inside a cell is not supported. */
function tablesOf(page: string): Table[] {
  const tables: Table[] = [];
  let before = "";
  for (const line of page.split("\n")) {
    if (line.startsWith("|")) {
      if (!before.startsWith("|")) tables.push([]);
      const cells = line.split("|").slice(1, -1);
      if (!/^\|[-|]+$/.test(line)) tables.at(-1)?.push(cells.map((cell) => cell.trim()));
    }
    before = line;
  }
  return tables;
}

/** The rows of the table with this first heading, without the row of headings. Throws when there is no such table. */
export function tableOf(page: string, heading: string): Table {
  const table = tablesOf(page).find(([head]) => head?.[0] === heading);
  if (table === undefined) throw new Error(`the page has no table of "${heading}"`);
  return table.slice(1);
}

/** The texts in backticks in a cell. */
export function codeIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The claims that a symptom can have, from the page's own table. */
export function claimsInSymptoms(page: string): Set<string> {
  return new Set(
    tableOf(page, "claim").flatMap(([name, , , inSymptom]) => (inSymptom === "yes" ? codeIn(name) : [])),
  );
}
