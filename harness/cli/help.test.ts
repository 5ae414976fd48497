import { expect, test } from "vitest";
import { COMMANDS, HELP } from "./commands.ts";
import { foldHelp } from "./help.ts";

const HELPS = [
  HELP,
  ...(await Promise.all([...COMMANDS.values()].map(async ({ load }) => (await load()).command.help))),
];

/** Whether a line is one word that cannot be broken, such as a path, or what quotes hold together in a command. */
const isOneWord = (line: string): boolean => /^\s*(?:\S+|'[^']*')(?: \\)?$/.test(line);

test.each([100, 80, 60, 40])("every help fits %d columns, and loses no word", (columns) => {
  expect(HELPS).toHaveLength(COMMANDS.size + 1);
  for (const help of HELPS) {
    const folded = foldHelp(help, columns);
    const long = folded
      .split("\n")
      .filter((line) => line.length > columns && !(columns < 80 && isOneWord(line)));
    expect(long).toEqual([]);
    const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "\\");
    expect(words(folded)).toEqual(words(help));
  }
});

const TEXT = `lastack x - does something

Usage: lastack x URL [OPTIONS]
       lastack x --list

A paragraph that
has two lines:
  - the first point of it
  - the second
    point

  --port N       the port to listen on
                 (default 8080)
  --a-long-option N   what it does

Examples:
  lastack x 'a b c' --port 8080 --list`;

test("a wide terminal shows labels and texts side by side", () => {
  expect(foldHelp(TEXT, 60)).toBe(`lastack x - does something

Usage: lastack x URL [OPTIONS]
       lastack x --list

A paragraph that has two lines:
  - the first point of it
  - the second point

  --port N       the port to listen on (default 8080)
  --a-long-option N
                 what it does

Examples:
  lastack x 'a b c' --port 8080 --list`);
});

test("a narrow terminal shows texts below labels, and commands that a shell understands", () => {
  expect(foldHelp(TEXT, 30)).toBe(`lastack x - does something

Usage: lastack x URL [OPTIONS]
       lastack x --list

A paragraph that has two
lines:
  - the first point of it
  - the second point

  --port N
      the port to listen on
      (default 8080)
  --a-long-option N
      what it does

Examples:
  lastack x 'a b c' --port \\
    8080 --list`);
});
