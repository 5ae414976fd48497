import type { Family } from "./exposition.ts";

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"';
const SERIES = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?)$`);

/**
 * Reads metrics in the text format of Prometheus, version 0.0.4, as strictly as its description allows: each family is a help, a type and one or
 * more series of its name, no family comes twice, no series comes twice, a counter ends in `_total`, and the last line ends. Throws at anything
 * else.
 */
export function readExposition(text: string): Family[] {
  if (!text.endsWith("\n")) throw new SyntaxError("the last line does not end");
  const families: Family[] = [];
  const seen = new Set<string>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length;) {
    const [, name = "", help = ""] =
      new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])*)$`, "s").exec(lines[at] ?? "") ?? [];
    const [, typed, type] = new RegExp(`^# TYPE (${NAME}) (gauge|counter)$`).exec(lines[at + 1] ?? "") ?? [];
    if (name === "" || typed !== name || seen.has(name))
      throw new SyntaxError(`no family at line ${at + 1}: ${lines[at]}`);
    if ((type === "counter") !== name.endsWith("_total"))
      throw new SyntaxError(`${name} is no name of a ${type}`);
    seen.add(name);
    at += 2;
    const series: Family["series"] = [];
    const keys = new Set<string>();
    for (; at < lines.length && !lines[at]?.startsWith("#"); at += 1) {
      const line = lines[at] ?? "";
      const [, own, labels = ""] = SERIES.exec(line) ?? [];
      const key = line.slice(0, line.lastIndexOf(" "));
      if (own !== name || keys.has(key)) throw new SyntaxError(`no series of ${name}: ${line}`);
      keys.add(key);
      series.push({ labels: labelsOf(labels), value: Number(line.slice(key.length + 1)) });
    }
    if (series.length === 0) throw new SyntaxError(`${name} has no series`);
    families.push({ name, type: type as Family["type"], help: unescaped(help), series });
  }
  return families;
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(new RegExp(LABEL, "g"))].map(([, label = "", value = ""]) => [label, unescaped(value)]),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
}
