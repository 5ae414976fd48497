import { expect, test } from "vitest";
import { inParallel, whereThereIsRoom } from "./in-parallel.ts";

test("all pieces are done, in order, and never more than `jobs` at a time", async () => {
  let [running, most] = [0, 0];
  const begun: number[] = [];
  const pieces = Array.from({ length: 17 }, (_, nth) => nth);
  const one = async (piece: number): Promise<void> => {
    begun.push(piece);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await inParallel(pieces, 3, one, () => false);
  expect(begun).toEqual(pieces);
  expect(most).toBe(3);
});

test("a piece begins when there is room, and no piece begins after a stop", async () => {
  let [room, stopped] = [1, false];
  const begun: number[] = [];
  const one = (piece: number): Promise<void> => {
    begun.push(piece);
    room -= 1;
    setTimeout(() => {
      if (piece === 2) stopped = true;
      room += 1;
    }, 1);
    return Promise.resolve();
  };
  await whereThereIsRoom(
    [0, 1, 2, 3, 4],
    () => room > 0,
    one,
    () => stopped,
  );
  expect(begun).toEqual([0, 1, 2]);
});

test("when a piece fails, the running pieces are completed, and then the error is thrown", async () => {
  const done: number[] = [];
  const one = async (piece: number): Promise<void> => {
    if (piece === 1) throw new Error("of its own");
    await new Promise((resolve) => setImmediate(resolve));
    done.push(piece);
  };
  await expect(inParallel([0, 1, 2, 3], 2, one, () => false)).rejects.toThrow("of its own");
  expect(done).toContain(0);
  expect(done).not.toContain(3);
});
