import type { Outcome } from "../model/verdict.ts";

/** What the drawing needs of a cell of the square. */
interface DrawnCell {
  symptom: string;
  experiment: string;
  variant: string;
  outcome: Outcome;
  overlap: string | null;
}

const MARK: Record<Outcome, string> = { confirmed: "X", refuted: ".", inconclusive: "?" };

/** The square as text: a row for each recording, a column for each symptom; X confirmed, . refuted, ? inconclusive. */
export function drawSquare(cells: DrawnCell[]): string {
  const symptoms = [...new Set(cells.map((cell) => cell.symptom))];
  const rows = [...new Set(cells.map((cell) => `${cell.experiment}/${cell.variant}`))];
  const width = Math.max(...rows.map((row) => row.length)) + 2;
  const head = symptoms.map((symptom, n) => `${" ".repeat(width)}${"| ".repeat(n)}${symptom}`);
  const body = rows.map((row) => {
    const marks = symptoms.map((symptom) => {
      const cell = cells.find((one) => one.symptom === symptom && `${one.experiment}/${one.variant}` === row);
      if (cell === undefined) return " ";
      return cell.overlap !== null ? "o" : MARK[cell.outcome];
    });
    return `${row.padEnd(width)}${marks.join(" ")}`;
  });
  const key = `${" ".repeat(width)}X confirmed  . refuted  ? inconclusive  o declared overlap`;
  return [...head, ...body, key].join("\n");
}
