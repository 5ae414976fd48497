import { Document, Scalar } from "yaml";
import type { Told } from "./rule.ts";

const HEADING = ` Alerting rules of Prometheus on the metrics of \`lastack census --prometheus\` (docs/census.md).
 npm run pages writes this file from the symptoms of the catalogue: do not edit it.

 Each rule asks the conditions of a failure mode's symptom that are conditions on metrics. A rule is here only if its conditions hold on the
 recording of the mode's bug and on no recording of a healthy program (results/reference). An alert is a reason to run lastack doctor, which
 judges the whole symptom and finds the process.`;

const UNTOLD = ` These failure modes cannot be told from metrics:`;

/** The text of docs/alerts.yaml: a rule for each mode that has one, and below them the other modes with their reasons. */
export function alertsDocument(told: readonly Told[]): string {
  const rules = told.flatMap((one) => ("rule" in one ? { ...one.rule, expr: literal(one.rule.expr) } : []));
  const document = new Document({ groups: [{ name: "lastack", rules }] });
  document.commentBefore = HEADING;
  const untold = told.flatMap((one) => ("rule" in one ? [] : folded(`${one.mode.id}: ${one.because}`)));
  document.comment = `${UNTOLD}\n\n${untold.join("\n")}`;
  return document.toString({ lineWidth: 140 });
}

/** An expression in lines as it is: folded lines would need empty ones between them. */
function literal(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = "BLOCK_LITERAL";
  return scalar;
}

const COLUMNS = 138;

/** A text in lines of a comment; what comes after the first is indented. */
function folded(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && `${line} ${word}`.length > COLUMNS) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ` ${one}`);
}
