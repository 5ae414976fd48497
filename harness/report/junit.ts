import XMLBuilder from "fast-xml-builder";
import type { CheckDocument, ProbeDocument } from "../check/document.ts";

/** An element, as fast-xml-builder takes it: attributes begin with `@`, and the text is `#text`. */
interface Element {
  [name: string]: string | number | Element | Element[];
}

/** How a JUnit file is written. */
export interface JunitOptions {
  /** A warning is a failure, too. */
  strict: boolean;
  startedAt: Date;
}

const CLASS = "lastack.check";

/**
 * The results of a check as a JUnit file, which CI systems show: a testcase for each probe. A fail is a failure; what could not be decided, or
 * was not run, is an error; a probe that was skipped is skipped. What a warning or an informational probe observed is in system-out.
 */
export function junitXml(check: CheckDocument, { strict, startedAt }: JunitOptions): string {
  const cases = casesOf(check, strict);
  const count = (name: string): number => cases.filter((one) => name in one).length;
  const totals = {
    "@tests": cases.length,
    "@failures": count("failure"),
    "@errors": count("error"),
  };
  const suite: Element = {
    "@name": `lastack check -- ${check.server.command.join(" ")}`,
    ...totals,
    "@skipped": count("skipped"),
    "@time": check.seconds.toFixed(3),
    "@timestamp": startedAt.toISOString().replace(/\.\d+Z$/, ""),
    testcase: cases,
  };
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
  });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "lastack check",
      ...totals,
      "@time": check.seconds.toFixed(3),
      testsuite: writable(suite),
    },
  });
}

function casesOf(check: CheckDocument, strict: boolean): Element[] {
  const why = check.notChecked ?? "the check was interrupted before this probe had ended";
  const notRun = check.notRun.map((id) => ({ ...caseOf(id, 0), error: problem(firstOf(why), why) }));
  return [
    ...check.probes.map((probe) => ({ ...caseOf(probe.id, probe.seconds), ...resultOf(probe, strict) })),
    ...notRun,
  ];
}

function caseOf(name: string, seconds: number): Element {
  return { "@classname": CLASS, "@name": name, "@time": seconds.toFixed(3) };
}

function resultOf(probe: ProbeDocument, strict: boolean): Element {
  switch (probe.outcome) {
    case "fail":
      return { failure: problem(probe.observed, textOf(probe)) };
    case "warn":
      return strict ? { failure: problem(probe.observed, textOf(probe)) } : { "system-out": textOf(probe) };
    case "inconclusive":
      return { error: problem(probe.observed, textOf(probe)) };
    case "skip":
      return { skipped: { "@message": probe.observed } };
    case "informational":
      return { "system-out": textOf(probe) };
    case "pass":
      return {};
  }
}

function problem(message: string, text: string): Element {
  return { "@message": message, "@type": CLASS, "#text": text };
}

function firstOf(sentences: string): string {
  return sentences.split("\n")[0] ?? "";
}

function textOf({ claim, because, claims, outcome, mode, recording, reproduce }: ProbeDocument): string {
  return [
    `${claim}, because ${because}`,
    ...claims
      .filter((one) => one.outcome === outcome)
      .flatMap(({ expected, observed }) => [`expected: ${expected}`, `observed: ${observed}`]),
    `explained by: lastack run ${mode}`,
    ...(recording === null ? [] : [`recorded in ${recording}`]),
    `to run it again: ${reproduce}`,
  ].join("\n");
}

/** The same element without the characters that XML 1.0 cannot write (section 2.2): a server can print any. */
function writable(element: Element): Element {
  const clean = (value: Element[string]): Element[string] => {
    if (typeof value === "string")
      return value.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}");
    if (Array.isArray(value)) return value.map(writable);
    return typeof value === "object" ? writable(value) : value;
  };
  return Object.fromEntries(Object.entries(element).map(([name, value]) => [name, clean(value)]));
}
