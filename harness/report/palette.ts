import picocolors from "picocolors";
import type { Outcome } from "../model/verdict.ts";

type Paint = (text: string) => string;

/** The few colours of a report; without colour, each gives its text back as it is. */
export interface Palette {
  title: Paint;
  heading: Paint;
  quiet: Paint;
  outcome: Record<Outcome, Paint>;
}

/** What stands before a finding: it must be told apart without colour too. */
export const MARKS: Record<Outcome, string> = { confirmed: "✓", inconclusive: "?", refuted: "✗" };

/** A palette with colour or without; the caller knows whether a terminal wants it. */
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
