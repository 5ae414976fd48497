import { expect, test } from "vitest";
import { blocksOf } from "./block.ts";

const PAGE = `# Title

## One

Words
before it:

\`\`\`ts
a

b
\`\`\`

### Deeper
\`\`\`
c
\`\`\`

## Two

\`\`\`\`markdown
# no heading
\`\`\`
d
\`\`\`
\`\`\`\`
`;

test("a block has its lines, the paragraph before it, and the headings above it", () => {
  expect(blocksOf(PAGE)).toEqual([
    { info: "ts", text: "a\n\nb", lead: "Words before it:", sections: ["One"], from: 8, to: 11 },
    { info: "", text: "c", lead: "### Deeper", sections: ["One", "Deeper"], from: 15, to: 16 },
    {
      info: "markdown",
      text: "# no heading\n```\nd\n```",
      lead: "## Two",
      sections: ["Two"],
      from: 21,
      to: 25,
    },
  ]);
});

test("a block without an end is refused", () => {
  expect(() => blocksOf("```ts\na\n")).toThrow("line 1");
});
