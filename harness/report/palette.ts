import picocolors from "picocolors";
import type { Outcome } from "../model/verdict.ts";

type Paint = (text: string) => string;

/** The few colours of a report. Without colour, each returns its text unchanged. */
export interface Palette {
  title: Paint;
  heading: Paint;
  quiet: Paint;
  outcome: Record<Outcome, Paint>;
}

/** The mark before a finding: the marks must differ without colour, too. */
export const MARKS: Record<Outcome, string> = { confirmed: "✓", inconclusive: "?", refuted: "✗" };

/** A palette with colour or without; the caller knows whether the terminal shows colours. */
export function palette(colour: boolean): Palette {
  const { bold, cyan, dim, green, red, yellow } = picocolors.createColors(colour);
  return {
    title: (text) => bold(text),
    heading: (text) => cyan(text),
    quiet: (text) => dim(text),
    outcome: {
      confirmed: (text) => green(text),
      inconclusive: (text) => yellow(text),
      refuted: (text) => red(text),
    },
  };
}
