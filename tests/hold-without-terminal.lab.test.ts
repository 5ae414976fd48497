import { afterAll, expect, test } from "vitest";
import { cleanUp, talk } from "./lab/load-command.ts";
import { until } from "./lab/wait.ts";

afterAll(cleanUp);

test("--hold continues at the end of standard input, where nobody can press Enter, and says so", async () => {
  const { child, stderr, ended } = talk(["run", "close-wait-leak", "--hold"]);
  child.stdin?.end();
  const said = await until(
    stderr,
    (text) => /Standard input has ended, so nobody can press Enter/.test(text),
    20_000,
  );
  expect(said).toMatch(/Enter continues the trial/);
  expect((await ended).status).toBe(0);
});
