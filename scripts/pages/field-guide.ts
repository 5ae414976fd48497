import { isRow } from "../../harness/model/alike.ts";
import type { Experiment, FailureMode } from "../../harness/model/experiment.ts";
import { POPULAR_ADVICE, type PopularAdvice, popularAdvice } from "../../harness/model/popular-advice.ts";
import { ROWS, type Sight } from "../../harness/model/sight.ts";
import type { Language } from "../../harness/model/text.ts";
import { FIELD_GUIDE_WORDS, type GuideWords } from "./field-guide-words.ts";

/** The pages of the field guide, with their languages. */
export const FIELD_GUIDES: ReadonlyMap<string, Language> = new Map([
  ["docs/field-guide.md", "en"],
  ["docs/field-guide.zh-CN.md", "zh"],
]);

/**
 * The field guide as a page: what one sees first, the experiments that are seen so, and what tells them apart; the failure modes that one
 * host cannot tell; and the popular advice that does not help.
 */
export function fieldGuide(experiments: readonly Experiment[], language: Language): string {
  const guide = new Guide(experiments, language);
  return [
    ...guide.words.introduction,
    ...guide.rows(),
    ...guide.others(guide.words.errors, /^E[A-Z]/),
    ...guide.others(guide.words.counters, /^Tcp/),
    ...guide.untold(),
    ...guide.advice(),
    "",
  ].join("\n");
}

class Guide {
  readonly words: GuideWords;
  readonly #experiments: readonly Experiment[];
  readonly #language: Language;

  constructor(experiments: readonly Experiment[], language: Language) {
    // Failure modes first: they are what somebody looks for.
    this.#experiments = experiments.toSorted((a, b) => Number(a.kind === "fact") - Number(b.kind === "fact"));
    this.#language = language;
    this.words = FIELD_GUIDE_WORDS[language];
  }

  /** A section for each row of ss in which some experiment is seen. */
  rows(): string[] {
    const { words } = this;
    const sections = Object.entries(ROWS).flatMap(([row, zh]) => {
      const seen = this.#seenIn(row as Sight);
      if (seen.length === 0) return [];
      const lines = seen.map((one) => [this.#named(one), one.signs?.mark[this.#language] ?? ""]);
      return ["", `### ${this.#language === "zh" ? zh : row}`, "", ...table(words.mayBe, lines)];
    });
    return ["", `## ${words.rows}`, "", words.rowsIntroduction, ...sections];
  }

  /** A table of the sights that are no rows and whose names match: the errors, or the counters. */
  others({ heading, columns, introduction }: GuideWords["errors"], which: RegExp): string[] {
    const sights = new Set(this.#experiments.flatMap(({ signs }) => signs?.seen ?? []));
    const lines = [...sights]
      .filter((sight) => !isRow(sight) && which.test(sight))
      .toSorted()
      .map((sight) => [`\`${sight}\``, this.#linked(this.#seenIn(sight))]);
    return ["", `## ${heading}`, "", introduction, "", ...table(columns, lines)];
  }

  /** The failure modes that one host cannot tell from something healthy, with the reason. */
  untold(): string[] {
    const { heading, columns, introduction, as } = this.words.untold;
    const lines = this.#modes().flatMap(({ id, visible }) =>
      visible === undefined
        ? []
        : [[link(id), as[visible.as], (this.#language === "zh" ? visible.zh : undefined) ?? visible.because]],
    );
    return ["", `## ${heading}`, "", introduction, "", ...table(columns, lines)];
  }

  /** The popular advice that does not help, and where it is given. */
  advice(): string[] {
    const { heading, columns, introduction } = this.words.wrong;
    const lines = (Object.keys(POPULAR_ADVICE) as PopularAdvice[]).map((name) => {
      const { name: title, why, shown } = popularAdvice(name);
      const given = this.#modes().filter(({ advice }) => advice?.wrong?.includes(name));
      const proof = shown === undefined ? "" : proofOf(shown);
      return [title[this.#language], why[this.#language], proof, this.#linked(given)];
    });
    return ["", `## ${heading}`, "", introduction, "", ...table(columns, lines)];
  }

  #modes(): FailureMode[] {
    return this.#experiments.filter((one): one is FailureMode => one.kind === "failure-mode");
  }

  #seenIn(sight: Sight): Experiment[] {
    return this.#experiments.filter(({ signs }) => signs?.seen.includes(sight));
  }

  #named(experiment: Experiment): string {
    const { id, title, signs } = experiment;
    const name = this.#language === "zh" ? (signs?.zh ?? title) : title;
    return `${link(id)}${this.words.colon}${name}${this.words.kindOf(experiment)}`;
  }

  #linked(experiments: readonly Experiment[]): string {
    return experiments.map(({ id }) => link(id)).join(this.words.comma);
  }
}

function link(id: string): string {
  return `[${id}](../experiments/${id}/README.md)`;
}

/** A claim, such as `C16`, or an experiment. */
function proofOf(shown: string): string {
  return /^C\d/.test(shown) ? `[${shown}](claims.md#${shown.toLowerCase()})` : link(shown);
}

function table(columns: readonly string[], lines: readonly string[][]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |");
  return [row(columns), `|${"---|".repeat(columns.length)}`, ...lines.map(row)];
}
