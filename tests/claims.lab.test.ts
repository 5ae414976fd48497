import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ClaimsJson } from "../harness/report/claims-json.ts";
import { lastack, talk } from "./lab/command.ts";
import { folderFor, WHO, type Who } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

const folders = new Map(WHO.map((who) => [who, folderFor(who)]));
afterAll(() => {
  for (const folder of folders.values()) folder.remove();
});

const claims = (who: Who, ...args: string[]) =>
  lastack(["claims", ...args], { who, cwd: folders.get(who)!.path });

/** Claims that two experiments settle in a few seconds. The test of the catalogue settles all claims. */
const QUICK = ["C07", "C10"];

describe.each(WHO)("lastack claims, as user: %s", (who) => {
  test("settles claims on this machine, and shows the result again", () => {
    const ran = claims(who, ...QUICK, "--run", "--json");
    expect(ran.stderr).not.toMatch(/\bfault\b/);
    const told = JSON.parse(ran.stdout) as ClaimsJson;
    expect(told.claims.map(({ id }) => id)).toEqual(QUICK);
    for (const { id, verdict, observed } of told.claims)
      expect(`${id} ${verdict} ${observed}`).not.toMatch(/inconclusive/);
    expect(ran.status).toBe(0);
    const again = claims(who, ...QUICK, "--json");
    expect(JSON.parse(again.stdout)).toEqual(told);
    const [id = ""] = QUICK;
    const explained = claims(who, id, "--lang", "zh");
    expect(explained.status).toBe(0);
    expect(explained.stdout).toMatch(/^C07 {2}\S+/);
    expect(explained.stdout).toMatch(/FIN-WAIT-1 │/);
    expect(explained.stdout).toMatch(/lastack run \S+ --variant \S+/);
  });
});

test("after Ctrl+C claims are settled on the recordings so far, with exit code 130", async () => {
  const folder = folders.get("own")!.path;
  const out = join(folder, "interrupted");
  const { child, out: printed, ended } = talk(["claims", "--run", "--out", out], folder);
  await until(
    () => (existsSync(out) ? readdirSync(out, { recursive: true, encoding: "utf8" }) : []),
    (files) => files.some((file) => file.endsWith(".ndjson")),
    30_000,
  );
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(printed()).toMatch(/inconclusive/);
  expect(readdirSync(out).some((run) => existsSync(join(out, run, "claims.json")))).toBe(true);
});

test("a wrong command line prints a sentence and exits with 64", () => {
  expect(claims("own", "C7")).toMatchObject({ status: 64 });
  expect(claims("own", "C7").stderr).toMatch(/There is no claim C7\. Did you mean C07\?/);
  expect(claims("own", "--lang", "fr").stderr).toMatch(/--lang takes en or zh/);
});
