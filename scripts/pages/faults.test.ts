import { expect, test } from "vitest";
import { faultsOf } from "./faults.ts";

const page = (...lines: string[]): string => lines.join("\n");

test.each([
  ["a page without empty sections", page("# Title", "", "words", "", "## One", "", "words", "")],
  ["a section with only subsections", page("# Title", "## One", "### Its part", "words")],
  [
    "a heading in a block, which is a comment of bash",
    page("# Title", "```", "# nothing", "# either", "```", "x"),
  ],
  ["output with its command", page("words", "```", "$ npx lastack run x", "  ✓ it holds", "```")],
  ["output that was seen live", page("words", "```live", "  ✓ it holds", "```")],
  ["a picture", page("words", "```", "   client ═══ server │", "```")],
  ["a mark of the skeleton in backticks", page("# Title", "words of `HALF-DONE`")],
  ["a section that is a table", page("# Title", "", "| a |", "|---|")],
])("%s has no fault", (_what, text) => {
  expect(faultsOf(text)).toEqual([]);
});

test.each([
  [
    "a section with nothing in it",
    page("# Title", "words", "## One", "", "## Two", "words"),
    'line 3: nothing under "One"',
  ],
  ["an empty last section", page("# Title", "words", "## One", ""), 'line 3: nothing under "One"'],
  [
    "a subsection with nothing in it",
    page("# Title", "### Part", "## One", "words"),
    'line 2: nothing under "Part"',
  ],
  ["an empty block", page("# Title", "words", "## One", "```", "```"), 'line 3: nothing under "One"'],
  ["only a comment", page("# Title", "words", "## One", "<!-- later -->"), 'line 3: nothing under "One"'],
  ["a mark of the skeleton", page("# Title", "HALF-DONE: what happens"), "line 2: HALF-DONE"],
  ["a blank of the skeleton", page("# Title", "words of {{id}}"), "line 2: {{id}}"],
  [
    "a finding without its command",
    page("words", "```", "...", "  ✓ it holds", "```"),
    "line 2: output without its command (`$ npx lastack ...`), in a block that is not ```live",
  ],
  [
    "a ladder without its command",
    page("```diff", "+x", "```", "```", "     0.000   SYN-SENT │── SYN ──▶│", "```"),
    "line 4: output without its command (`$ npx lastack ...`), in a block that is not ```live",
  ],
  ["a note to oneself", page("# Title", "words TODO"), "line 2: TODO"],
])("%s is a fault", (_what, text, fault) => {
  expect(faultsOf(text)).toEqual([fault]);
});
