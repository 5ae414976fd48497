import type { Area, Statement } from "../claim.ts";

/**
 * The statements of an area, from a table with two lines for each: its id, the places of its documents and their own words; and below
 * them, indented, the same as a sentence that is true or false. Throws for lines that are not such a pair.
 */
export function statementsOf(area: Area, table: string): Statement[] {
  const lines = table.trim().split("\n");
  return lines.flatMap((line, nth) => {
    if (nth % 2 === 1) return [];
    const [, id, places, phrase] = /^(C\w+) (\d+(?:,\d+)*) (\S.*)$/.exec(line) ?? [];
    const [, statement] = /^ {2}(\S.*)$/.exec(lines[nth + 1] ?? "") ?? [];
    if (id === undefined || places === undefined || phrase === undefined || statement === undefined)
      throw new Error(`this line and the next are not "id documents words" and a statement: ${line}`);
    return [{ id, area, documents: places.split(",").map(Number), phrase, statement }];
  });
}
