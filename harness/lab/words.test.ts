import { expect, test } from "vitest";
import { setupOf } from "../model/short-setup.ts";
import { filledWords } from "./words.ts";

const setup = setupOf({
  links: [
    { kind: "direct", between: ["client", "router"] },
    { kind: "direct", between: ["router", "server"] },
  ],
  phases: [],
});

function filled(...run: [string, ...string[]]): string[] {
  let made = 0;
  const scratch = (): string => `/scratch/${(made += 1)}`;
  return filledWords({ host: "router", run }, setup, { here: "/mine", scratch });
}

test("the address of a host is the one at which the program's own host reaches it", () => {
  expect(filled("clients/short-tcp", "--to", "{server}:8080")).toEqual([
    "clients/short-tcp",
    "--to",
    "198.51.100.2:8080",
  ]);
  expect(filled("a", "[{client6}]:8080", "--plain", "{}")).toEqual([
    "a",
    "[2001:db8:0:0::1]:8080",
    "--plain",
    "{}",
  ]);
});

test("a program gets one scratch folder, and the experiment's folder", () => {
  expect(filled("{here}/a.out", "{scratch}/pid", "{scratch}/log,{here}/conf")).toEqual([
    "/mine/a.out",
    "/scratch/1/pid",
    "/scratch/1/log,/mine/conf",
  ]);
});

test("a placeholder that names neither a host nor a folder is refused", () => {
  expect(() => filled("a", "{nobody}:1")).toThrow(
    '{nobody} in the word "{nobody}:1" names no host of the setup',
  );
  expect(() => filled("a", "{here6}")).toThrow("names no host");
});
