import { expect, test } from "vitest";
import { ACCOUNTS } from "./account.ts";
import { archiveName, cacheFolder } from "./minimal-root.ts";
import { summary } from "./walk.ts";

test("the summary has a line for each tried line, and says what is left behind", () => {
  const account = ACCOUNTS.ordinary;
  const tried = [
    { account, words: "npm ci && npm start", seconds: 41.2, because: null },
    { account, words: "npm ci && npm test", seconds: 90, because: "exit code 1" },
    { account, words: "more", seconds: null, because: "not tried, after the one before" },
  ];
  expect(summary(tried, ["the process 7"])).toEqual([
    "== on a bare machine",
    "ok     npm ci && npm start, as an ordinary user (41.2 s)",
    "FAILED npm ci && npm test, as an ordinary user (90 s): exit code 1",
    "FAILED more, as an ordinary user: not tried, after the one before",
    "FAILED left behind: the process 7",
  ]);
});

test("another mirror or suite has another archive", () => {
  const mirror = { uri: "http://mirror.example/debian/", suite: "bookworm" };
  const name = archiveName(mirror);
  expect(name).toMatch(/^minimal-bookworm-\w+-[0-9a-f]{12}\.tar$/);
  expect(archiveName({ ...mirror })).toBe(name);
  const others = [
    archiveName({ ...mirror, suite: "trixie" }),
    archiveName({ ...mirror, uri: "http://other.example/" }),
  ];
  expect(new Set([name, ...others]).size).toBe(3);
});

test("archives are kept in the folder of XDG_CACHE_HOME, if it is an absolute path", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/var/cache/me" })).toBe("/var/cache/me/lastack");
  expect(cacheFolder({ XDG_CACHE_HOME: "here" })).toMatch(/^\/.*\.cache\/lastack$/);
  expect(cacheFolder({})).toMatch(/^\/.*\.cache\/lastack$/);
});
