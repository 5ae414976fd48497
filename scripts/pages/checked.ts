import type { ExpectedGrades } from "../../tests/check/expected/row.ts";
import { PageError } from "./page-error.ts";

/** The beginning of the paragraph: by it, the paragraph is found again. */
const BEGINNING = "What [`lastack check`](../../docs/check.md) finds";
/** The section at whose end it stands. */
const SECTION = "## Cure";
const COLUMNS = 150;
const VARIANT = /^(?:buggy|fixed)(?:-|$)/;

/** Something that is found at some variants of an experiment: what, and why; `because` is null where all is well. */
interface Found {
  one: string;
  many: string;
  because: string | null;
}

/**
 * The page of an experiment, with a paragraph at the end of its section "Cure": which probes do not pass at its buggy server and at its cures,
 * and why. A page without such servers has none. Throws a PageError when the section is missing.
 */
export function withChecked(page: string, id: string, rows: readonly ExpectedGrades[]): string {
  const own = rows.flatMap((row) => {
    const [folder, variant = ""] = row.server.split("/");
    return folder === id && VARIANT.test(variant) ? [{ row, variant }] : [];
  });
  const lines = withoutParagraph(page.split("\n"));
  const [first] = own;
  if (first === undefined) return lines.join("\n");
  const begins = lines.indexOf(SECTION);
  if (begins === -1) throw new PageError(`there is no section "${SECTION}"`);
  const next = lines.findIndex((line, nth) => nth > begins && line.startsWith("## "));
  const end = next === -1 ? lines.length : next;
  return [...lines.slice(0, end), ...paragraphOf(first.row, own), "", ...lines.slice(end)].join("\n");
}

function withoutParagraph(lines: string[]): string[] {
  const at = lines.findIndex((line) => line.startsWith(BEGINNING));
  if (at === -1) return lines;
  const end = lines.indexOf("", at);
  return [...lines.slice(0, at), ...lines.slice(end + 1)];
}

function paragraphOf(first: ExpectedGrades, own: { row: ExpectedGrades; variant: string }[]): string[] {
  const found = new Map<string, { found: Found; variants: string[] }>();
  for (const { row, variant } of own) {
    for (const one of foundAt(row)) {
      const known = found.get(JSON.stringify(one));
      if (known === undefined) found.set(JSON.stringify(one), { found: one, variants: [variant] });
      else known.variants.push(variant);
    }
  }
  const items = [...found.values()].flatMap(({ found: { one, many, because }, variants }) => {
    const what = `${inCode(variants)} ${variants.length === 1 ? one : many}`;
    return wrapped(`- ${what}${because === null ? "" : `: ${because}`}.`);
  });
  return [`${BEGINNING}${optionsOf(first)}; a probe that is not named passes:`, ...items];
}

function optionsOf({ request, tls = false }: ExpectedGrades): string {
  const how = "raw" in request ? [`--raw '${request.raw}'`] : [];
  const path = "http" in request && request.http !== "GET /" ? [`--request '${request.http}'`] : [];
  const words = [...how, ...path, ...(tls ? ["--tls"] : [])];
  return words.length === 0 ? "" : ` with \`${words.join(" ")}\``;
}

function foundAt({ fails, either = {}, bugIsUnseen }: ExpectedGrades): Found[] {
  const all: Found[] = [];
  const named = Object.entries(fails).map(([probe, why]) =>
    typeof why === "string" ? { probe, grade: "fail", because: why } : { probe, ...why },
  );
  for (const grade of ["fail", "warn"]) {
    const some = named.filter((one) => one.grade === grade);
    for (const because of new Set(some.map((one) => one.because))) {
      const probes = inCode(some.filter((one) => one.because === because).map(({ probe }) => probe));
      const [one, many] = grade === "fail" ? ["fails", "fail"] : ["gets a warning of", "get a warning of"];
      all.push({ one: `${one} ${probes}`, many: `${many} ${probes}`, because });
    }
  }
  for (const because of new Set(Object.values(either))) {
    const probes = inCode(Object.keys(either).filter((probe) => either[probe] === because));
    all.push({ one: `sometimes fails ${probes}`, many: `sometimes fail ${probes}`, because });
  }
  if (bugIsUnseen !== undefined)
    all.push({
      one: "has a bug that fails no probe",
      many: "have a bug that fails no probe",
      because: bugIsUnseen,
    });
  if (all.length === 0) all.push({ one: "passes all probes", many: "pass all probes", because: null });
  return all;
}

/** `a`, `b` and `c`. */
function inCode(names: readonly string[]): string {
  const codes = names.map((name) => `\`${name}\``);
  return [codes.slice(0, -1).join(", "), ...codes.slice(-1)].filter((part) => part !== "").join(" and ");
}

/** An item of a list, in lines of at most COLUMNS. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}
