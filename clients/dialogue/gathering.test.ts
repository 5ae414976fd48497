import { expect, test } from "vitest";
import { Gathering } from "./gathering.ts";

/** Four connections, and those that have gone on from their third step. */
function gathered(): { gathering: Gathering; reach: (name: string) => () => void; gone: string[] } {
  const gone: string[] = [];
  const gathering = new Gathering(4);
  const reach = (name: string): (() => void) => {
    const release = (): void => void gone.push(name);
    gathering.reach(3, 2, release);
    return release;
  };
  return { gathering, reach, gone };
}

test("as many as wanted go on together", () => {
  const { reach, gone } = gathered();
  reach("a");
  expect(gone).toEqual([]);
  reach("b");
  expect(gone).toEqual(["a", "b"]);
  reach("c");
  expect(gone).toEqual(["a", "b"]);
  reach("d");
  expect(gone).toEqual(["a", "b", "c", "d"]);
});

test("the last go on when no other can come, whether the others were there or not", () => {
  const { gathering, reach, gone } = gathered();
  reach("a");
  reach("b");
  reach("c");
  gathering.over(7);
  expect(gone).toEqual(["a", "b"]);
  gathering.over(2);
  expect(gone).toEqual(["a", "b", "c"]);
});

test("who has given up does not count", () => {
  const { gathering, reach, gone } = gathered();
  gathering.leave(3, reach("a"));
  reach("b");
  expect(gone).toEqual([]);
  reach("c");
  expect(gone).toEqual(["b", "c"]);
});
