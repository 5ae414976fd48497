import { parseArgs } from "node:util";

/** `--rounds N` and `--seconds S` of a command line, each from 1 to 99. Throws an Error with a sentence for any other value. */
export function readFigures(
  args: string[],
  otherwise: { rounds: number; seconds: number },
): { rounds: number; seconds: number } {
  const options = { rounds: { type: "string" }, seconds: { type: "string" } } as const;
  const { values } = parseArgs({ args, options });
  const figure = (name: keyof typeof options): number => {
    const text = values[name] ?? `${otherwise[name]}`;
    if (!/^[1-9]\d?$/.test(text)) throw new Error(`--${name} takes a whole number from 1 to 99, not ${text}`);
    return Number(text);
  };
  return { rounds: figure("rounds"), seconds: figure("seconds") };
}
