import { expect, test } from "vitest";
import { stepsOf } from "./step.ts";

const page = (...lines: string[]): string =>
  `## Before\n\n\`\`\`ts\nx\n\`\`\`\n\n## The tutorial\n\n${lines.join("\n")}\n`;

test("the steps are commands, files, and changes to them, in order", () => {
  expect(
    stepsOf(
      page(
        ...["```live", "$ one", "printed", "$ two", "```", ""],
        ...["In `servers/x/a.py`:", "", "```python", "text", "```", ""],
        ...["In `servers/x/a.py`:", "", "```diff", " kept", "-old", "+new", "```"],
      ),
    ),
  ).toEqual([
    { kind: "command", command: "one", shown: ["printed"] },
    { kind: "command", command: "two", shown: [] },
    { kind: "write", path: "servers/x/a.py", text: "text\n" },
    { kind: "change", path: "servers/x/a.py", from: "kept\nold\n", to: "kept\nnew\n" },
  ]);
});

test.each([
  [page("words", "", "```ts", "x", "```"), "which file is the block"],
  [page("In `servers/x/a.py`, some time", "", "```ts", "x", "```"), "which file is the block"],
  [page("```live", "printed", "$ one", "```"), "without a command"],
])("a block without a file or a command is refused", (text, why) => {
  expect(() => stepsOf(text)).toThrow(why);
});
