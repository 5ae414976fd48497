import { expect, test } from "vitest";
import { endpointOf, shownEndpoint } from "./endpoint.ts";

const OWN = ["--port", "8080", "--host", "127.0.0.1"];

test.each<[string[], string]>([
  [[], "127.0.0.1:8080"],
  [["--host", "0.0.0.0"], "0.0.0.0:8080 (every address of this machine)"],
  [["--host=::"], "[::]:8080 (every address of this machine)"],
  [["--port=9", "--holder", "parent", "--host", "::1"], "[::1]:9"],
])("the words after -- that a server gets say where it listens: %j", (passed, shown) => {
  expect(shownEndpoint(endpointOf([...OWN, ...passed]))).toBe(shown);
});
