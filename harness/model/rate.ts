/** A rate in words: three digits if it is below 100 (`0.333`, `2.5`, `47`), else a whole number with commas (`22,182`). */
export function rateText(perSecond: number): string {
  if (perSecond < 99.95) return String(Number(perSecond.toPrecision(3)));
  return Math.round(perSecond).toLocaleString("en-US");
}
