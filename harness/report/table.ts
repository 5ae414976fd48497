import CliTable from "cli-table3";
import { fits, wrap } from "./wrap.ts";

/** Rows under one heading. Every row has a cell for each column of the table. */
export interface Section {
  heading: string;
  rows: Row[];
}

export interface Row {
  label: string;
  cells: string[];
}

/** The cell of a figure that was observed and was absent. A row with only such cells is left out. */
export const NONE = "-";
/** The cell of a figure that was not observed. */
export const UNSEEN = "?";

/** No lines are drawn between cells: two spaces separate them. */
const BARE = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};
const GAP = BARE.middle.length;

/** Rows of cells as lines, with columns aligned as given (by default `left`). */
export function plainTable(rows: string[][], aligns: ("left" | "right")[]): string[] {
  const table = new CliTable({
    chars: BARE,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: aligns,
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/**
 * Rows of cells below a head, a line each. If that does not fit the width, each row is a block: its first cell, and below it a line for each
 * other cell, with the cell's head before it.
 */
export function headedTable(
  head: string[],
  rows: string[][],
  aligns: ("left" | "right")[],
  columns: number,
): string[] {
  const wide = plainTable([head, ...rows], aligns);
  if (fits(wide, columns)) return wide;
  const width = Math.max(...head.slice(1).map((text) => text.length)) + GAP;
  return rows.flatMap(([first = "", ...cells]) => [
    first,
    ...cells.flatMap((cell, nth) => besideHead(head[nth + 1] ?? "", cell, width, columns)),
  ]);
}

function besideHead(head: string, cell: string, width: number, columns: number): string[] {
  const indent = "".padEnd(GAP);
  const [first = "", ...rest] = wrap(cell, columns, indent + "".padEnd(width));
  return [`${indent}${head.padEnd(width)}${first.trimStart()}`, ...rest];
}

/**
 * Sections under common columns, as lines. If the columns do not fit the width, they are shared among several tables, one below the
 * other. If one column does not fit, each section is a table of its own below its heading.
 */
export function sectionedTable(
  names: string[],
  sections: Section[],
  columns: number,
  paintHeading: (text: string) => string,
): string[] {
  return shares(names, sections, columns).flatMap((share, nth) => {
    const filled = sections
      .map(({ heading, rows }) => ({
        heading,
        rows: rows.filter((row) => share.some((column) => row.cells[column] !== NONE)),
      }))
      .filter((section) => section.rows.length > 0);
    const namesOf = (at: number): string[] =>
      share.map((column) => (at === 0 ? paintHeading(names[column] ?? "") : ""));
    const cellsOf = ({ label, cells }: Row): string[] => [
      label,
      ...share.map((column) => cells[column] ?? ""),
    ];
    const aligns = ["left" as const, ...share.map(() => "right" as const)];
    const rows = filled.flatMap((section, at) => [
      ...(at === 0 ? [] : [["", ...share.map(() => "")]]),
      [paintHeading(section.heading), ...namesOf(at)],
      ...section.rows.map(cellsOf),
    ]);
    const together = plainTable(rows, aligns);
    const apart = filled.flatMap((section, at) => [
      ...(at === 0 ? [] : [""]),
      paintHeading(section.heading),
      ...plainTable([...(at === 0 ? [["", ...namesOf(at)]] : []), ...section.rows.map(cellsOf)], aligns),
    ]);
    const lines = fits(together, columns) ? together : apart;
    return nth === 0 ? lines : ["", ...lines];
  });
}

/** Which columns stand in one table: as few tables as the width allows, with about the same number of columns each. */
function shares(names: string[], sections: Section[], columns: number): number[][] {
  const rows = sections.flatMap((section) => section.rows);
  const labels = [...sections.map((section) => section.heading), ...rows.map((row) => row.label)];
  const label = Math.max(0, ...labels.map((text) => text.length));
  const widths = names.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row.cells[column] ?? "").length)),
  );
  const all = names.map((_, column) => column);
  for (let tables = 1; tables < names.length; tables += 1) {
    const size = Math.ceil(names.length / tables);
    const split = Array.from({ length: tables }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
    const fits = split.every(
      (share) => share.reduce((sum, column) => sum + GAP + (widths[column] ?? 0), label) <= columns,
    );
    if (fits) return split.filter((share) => share.length > 0);
  }
  return all.map((column) => [column]);
}
