import { expect, test } from "vitest";
import { RULES } from "../../harness/claims/rules.ts";
import { settled } from "./settled.ts";

/** The verdict on every claim on the committed recordings. */
const VERDICTS = `
holds C10 C32 C33b C41 C45 C89 C95 C96 C102 C201 C202 C210 C211 C212 C240 C242 C244 C250 C264
holds-with-limits C01 C02 C03 C04 C05 C06 C07 C08 C09 C11b C13 C200
holds-with-limits C14b C14c C17 C18 C19 C20 C22 C23 C24b C25 C26 C28a C29 C31 C34 C36 C220 C221 C222 C223
holds-with-limits C37 C40a C44 C46 C103 C230 C232 C47 C48 C49a C50 C53 C55 C57 C60 C243
holds-with-limits C63 C64 C65 C69 C71 C73 C104 C252 C77 C79 C81a C81b C82 C260
holds-with-limits C80 C83 C85b C86 C87 C88 C90 C91 C92 C93 C97 C106 C261 C262 C263
holds-with-limits C98 C99 C100a C101 C107 C108 C270 C271 C272 C273
refuted C11a C12 C203 C16 C21 C35 C213 C27 C28b C28c C68 C38 C39 C40b C42 C43 C231
refuted C49b C51 C52 C54 C56 C61 C62 C241 C66 C67 C70 C72 C251 C84 C94 C100b
obsolete C14a C15 C24a C30 C33a C58 C74 C75 C76 C78 C81c C85a C105
not-testable C59
`;

const cases = VERDICTS.trim()
  .split("\n")
  .flatMap((line) => {
    const [verdict = "", ...ids] = line.split(" ");
    return ids.map((id) => [id, verdict] as const);
  });

test("every claim is in the table once", () => {
  expect(cases.map(([id]) => id).toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
});

test.each(cases)("%s on the committed recordings: %s", (id, verdict) => {
  const result = settled(id);
  expect(result, JSON.stringify(result.observed)).toMatchObject({ id, verdict });
  expect([result.because.en, result.observed.en]).toEqual([
    expect.stringMatching(/./),
    expect.not.stringContaining("?"),
  ]);
});
