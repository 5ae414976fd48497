/** Writes rows of a table whose columns have these widths. */
export function columns(widths: readonly number[]): (cells: string[]) => string {
  return (cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("")
      .trimEnd();
}
