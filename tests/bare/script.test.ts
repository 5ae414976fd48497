import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ACCOUNTS } from "./account.ts";
import { bareScript, quoted } from "./script.ts";

const FILLING = {
  archive: "/a b/root.tar",
  node: "/opt/it's/node",
  npm: "/opt/npm",
  project: "/clone",
  files: [["/home/me/.npmrc", "~/.npmrc"]] as [string, string][],
};

test.each(Object.values(ACCOUNTS))("sh can read the script, as $who", (account) => {
  const script = bareScript(FILLING, account, ["npm ci && npm start", "echo 'so'"]);
  const read = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
  expect(read).toMatchObject({ status: 0, stderr: "" });
  expect(script).toContain(`"$root"'${account.home}/.npmrc'`);
  expect(script.includes("setpriv --reuid=1000 --regid=1000 --clear-groups")).toBe(account.uid === 1000);
});

test.each(["plain", "two words", "it's", '"$HOME" `x` \\', ""])("%j is one word of sh", (word) => {
  const { stdout } = spawnSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" });
  expect(stdout).toBe(word);
});
