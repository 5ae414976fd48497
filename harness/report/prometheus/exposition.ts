/** A metric and its series, as Prometheus reads them. */
export interface Family {
  name: string;
  type: "gauge" | "counter";
  help: string;
  series: { labels: Record<string, string>; value: number }[];
}

/**
 * Metrics in the text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). A family without series is
 * left out. Throws a RangeError for a name that the format does not allow, and for two series with the same labels.
 */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ series }) => series.length > 0)
    .map(
      ({ name, type, help, series }) =>
        `# HELP ${checked(name)} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n${seriesText(name, series)}`,
    )
    .join("");
}

function seriesText(name: string, series: Family["series"]): string {
  const lines = new Map(series.map(({ labels, value }) => [`${name}${labelsText(labels)}`, value]));
  if (lines.size < series.length) throw new RangeError(`${name} has two series with the same labels`);
  return [...lines].map(([line, value]) => `${line} ${value}\n`).join("");
}

function labelsText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${checkedLabel(label)}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function checked(name: string): string {
  if (!/^[a-zA-Z_:][a-zA-Z\d_:]*$/.test(name)) throw new RangeError(`"${name}" is no name of a metric`);
  return name;
}

function checkedLabel(label: string): string {
  if (!/^[a-zA-Z_][a-zA-Z\d_]*$/.test(label)) throw new RangeError(`"${label}" is no name of a label`);
  return label;
}

/** In a label's value a backslash, a double quote and a line feed are escaped; in a help text, a backslash and a line feed. */
function escaped(value: string): string {
  return escapedHelp(value).replaceAll('"', String.raw`\"`);
}

function escapedHelp(text: string): string {
  return text.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);
}
