import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commandLineOf } from "./target.ts";

test("the command line has every option of the target", () => {
  const options = {
    port: 8080,
    ready: "listening on",
    env: { MODE: "a b", EMPTY: "" },
    cwd: "app",
    raw: "PING\\r\\n",
    tls: true,
    patience: 0.5,
    connections: 97,
    reuses: 23,
    answerWithin: 2,
    readyWithin: 30,
  };
  expect(commandLineOf("some-probe", { command: ["npm", "start"], options })).toBe(
    "lastack check --probe some-probe --tls --port 8080 --ready 'listening on' --env 'MODE=a b' --env EMPTY= --cwd app " +
      "--raw 'PING\\r\\n' --patience 0.5 --connections 97 --reuses 23 --answer-within 2 --ready-within 30 -- npm start",
  );
});

test("a shell reads every word back as it was", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !/[\0\uD800-\uDFFF]/u.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (command) => {
      const line = commandLineOf("p", { command, options: {} });
      const script = `lastack() { for word; do printf '%s\\0' "$word"; done; }\n${line}`;
      const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
      expect(stdout.split("\0").slice(4, -1)).toEqual(command);
    }),
    { numRuns: 20 },
  );
});
