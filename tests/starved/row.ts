import { againAtMost, all, atLeast, atLeastOther, type Bar, cpuOfATrial, none, ratioAtMost } from "./bar.ts";
import { AS_THE_BOOK, OTHERWISE } from "./book.ts";

/** What a round of a row does: the rounds of tests/starved/work.ts. */
export type Work = "tour" | "catalogue" | "claims" | "mutations" | "tests";

/** Something that is repeated beside a number of busy loops, and the bars that it must meet. */
export interface Row {
  name: string;
  summary: string;
  work: Work;
  /** The total number of busy loops beside it. */
  loops: number;
  /** How many rounds make the row complete. */
  rounds: number;
  bars: Bar[];
  /** Whether its rounds alternate with those of another checkout, if there is one to compare with. */
  alternates: boolean;
}

const FASTER = ratioAtMost(0.85, "seconds", ({ seconds }) => seconds);
const CHEAPER = ratioAtMost(0.67, "processor time of a trial", cpuOfATrial);
const BESIDE_MANY = { loops: 16, rounds: 3, alternates: false };
const BESIDE_TWO = { loops: 2, rounds: 3, alternates: false };
const QUIET = { loops: 0, alternates: true };

/** All rows, in the order in which they are run. */
export const ROWS: readonly Row[] = [
  {
    name: "tour-16",
    summary: "the tour beside 16 busy loops",
    work: "tour",
    ...BESIDE_MANY,
    bars: [none("refuted"), atLeast(0.95, "confirmed")],
  },
  {
    name: "tour-2",
    summary: "the tour beside 2 busy loops",
    work: "tour",
    ...BESIDE_TWO,
    bars: [all("confirmed")],
  },
  {
    name: "tour-quiet",
    summary: "the tour alone",
    work: "tour",
    rounds: 20,
    ...QUIET,
    alternates: false,
    bars: [all("confirmed")],
  },
  {
    name: "catalogue-16",
    summary: "the catalogue beside 16 busy loops",
    work: "catalogue",
    ...BESIDE_MANY,
    bars: [none("refuted"), atLeast(0.9, "confirmed")],
  },
  {
    name: "catalogue-2",
    summary: "the catalogue beside 2 busy loops",
    work: "catalogue",
    ...BESIDE_TWO,
    bars: [all("confirmed")],
  },
  {
    name: "catalogue-quiet",
    summary: "the catalogue alone",
    work: "catalogue",
    rounds: 10,
    ...QUIET,
    bars: [all("confirmed"), FASTER, CHEAPER],
  },
  {
    name: "claims-16",
    summary: "the claims beside 16 busy loops",
    work: "claims",
    ...BESIDE_MANY,
    bars: [none(OTHERWISE), atLeastOther(0.8, "inconclusive")],
  },
  {
    name: "claims-2",
    summary: "the claims beside 2 busy loops",
    work: "claims",
    ...BESIDE_TWO,
    bars: [all(AS_THE_BOOK)],
  },
  {
    name: "claims-quiet",
    summary: "the claims alone",
    work: "claims",
    rounds: 3,
    ...QUIET,
    bars: [all(AS_THE_BOOK), againAtMost(0.02), FASTER],
  },
  {
    name: "mutations-16",
    summary: "the mutations beside 16 busy loops",
    work: "mutations",
    ...BESIDE_MANY,
    rounds: 1,
    bars: [none("confirmed"), atLeast(0.5, "refuted")],
  },
  {
    name: "tests-8",
    summary: "npm test beside 8 busy loops",
    work: "tests",
    loops: 8,
    rounds: 3,
    alternates: false,
    bars: [all("passed")],
  },
];
