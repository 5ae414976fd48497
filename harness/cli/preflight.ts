import { preflight, type Capability } from "../lab/preflight.ts";
import { wrap } from "../report/wrap.ts";
import { parseOptionsOnly, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

const help = `lastack preflight - print what this machine allows, and how to get what is missing

Usage: lastack preflight [--json]

  --json      one JSON document: {capabilities: [{id, available, required, reason,
              remedy}]}

Exits 0 when a lab can be built on this machine, and 69 when not.

Examples:
  lastack preflight
  lastack preflight --json | jq '.capabilities[] | select(.available | not)'`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, { json: { type: "boolean" } });
    const capabilities = await preflight();
    if (values.json === true) terminal.out(JSON.stringify({ capabilities }, null, 2));
    else terminal.out(describe(capabilities, terminal));
    return capabilities.every((capability) => capability.available || !capability.required)
      ? EXIT.clean
      : EXIT.unavailable;
  },
};

/** The text that a command prints when it cannot build its lab: first what to do, then what is missing and what the system reported. */
export async function whyUnavailable(said: string, terminal: Terminal): Promise<string> {
  const missing = (await preflight()).filter((capability) => !capability.available && capability.required);
  const [first] = missing;
  if (first === undefined)
    return `lastack: the lab could not be built: ${said}\n"lastack preflight" finds nothing missing: please report this.`;
  const ways = `lastack cannot build its lab here. To fix this: ${first.remedy}.`;
  return `${ways}\n\n${describe(missing, terminal)}\n\nThe system reported: ${said}`;
}

function describe(capabilities: Capability[], terminal: Terminal): string {
  const { green, red, yellow, dim } = terminal.colors;
  const width = Math.max(...capabilities.map(({ id }) => id.length)) + 2;
  return capabilities
    .map(({ id, available, required, reason, remedy }) => {
      const mark = available ? green("yes") : required ? red("no ") : yellow("no ");
      const beside = "".padEnd(width + 5);
      const [first = "", ...more] = wrap(reason, terminal.columns, beside);
      const [todo = "", ...rest] = remedy === null ? [] : wrap(`-> ${remedy}`, terminal.columns, beside);
      const lines = [`${mark}  ${id.padEnd(width)}${first.trimStart()}`, ...more];
      return [...lines, ...(remedy === null ? [] : [todo.replace("->", dim("->")), ...rest])].join("\n");
    })
    .join("\n");
}
