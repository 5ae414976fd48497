import { expect, test } from "vitest";
import type { ExpectedGrades } from "../../tests/check/expected/row.ts";
import { withChecked } from "./checked.ts";

const line = { raw: "hello\\n" };
const PAGE = ["# A leak", "", "## Cure", "", "Close.", "", "## In production", "", "ss", ""].join("\n");
const rows: ExpectedGrades[] = [
  {
    server: "leak/buggy",
    request: line,
    fails: {
      "client-closes-first": "it never closes",
      "abort-in-request": "it never closes",
      "idle-connection": { grade: "warn", because: "it resets" },
    },
    either: { burst: "a race decides it" },
  },
  { server: "leak/fixed", request: line, fails: {} },
  { server: "leak/fixed-by-limit", request: line, fails: {} },
  { server: "leak/helper", request: line, fails: { burst: "it is a helper" } },
  { server: "other/buggy", request: { http: "GET /" }, fails: {}, bugIsUnseen: "it is quiet" },
];

test("a page names what does not pass at the bug and at the cures, at the end of its section Cure", () => {
  expect(withChecked(PAGE, "leak", rows).split("\n")).toEqual([
    ...["# A leak", "", "## Cure", "", "Close.", ""],
    "What [`lastack check`](../../docs/check.md) finds with `--raw 'hello\\n'`; a probe that is not named passes:",
    "- `buggy` fails `client-closes-first` and `abort-in-request`: it never closes.",
    "- `buggy` gets a warning of `idle-connection`: it resets.",
    "- `buggy` sometimes fails `burst`: a race decides it.",
    "- `fixed` and `fixed-by-limit` pass all probes.",
    ...["", "## In production", "", "ss", ""],
  ]);
});

test("a bug that no probe shows has its reason", () => {
  expect(withChecked(PAGE, "other", rows)).toContain(
    "finds; a probe that is not named passes:\n- `buggy` has a bug that fails no probe: it is quiet.\n\n## In production",
  );
});

test("the paragraph is written anew, and goes when no server is checked any more", () => {
  const once = withChecked(PAGE, "leak", rows);
  expect(withChecked(once, "leak", rows)).toBe(once);
  expect(withChecked(once, "leak", [])).toBe(PAGE);
  expect(withChecked(PAGE, "elsewhere", rows)).toBe(PAGE);
});

test("a long reason goes on in a line of its own", () => {
  const because = Array.from({ length: 40 }, () => "because").join(" ");
  const text = withChecked(PAGE, "a", [{ server: "a/buggy", request: line, fails: { burst: because } }]);
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(150);
  expect(text.replaceAll("\n  ", " ")).toContain(`fails \`burst\`: ${because}.\n`);
});

test("a page without the section cannot have it", () => {
  expect(() => withChecked("# A leak\n", "leak", rows)).toThrow('there is no section "## Cure"');
});
