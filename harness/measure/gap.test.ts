import { expect, test } from "vitest";
import { at, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { longestGap } from "./gap.ts";

const looks = (host: string, ...times: number[]): ReturnType<typeof socketsAt>[] =>
  times.map((ms) => socketsAt(at(ms), host, []));

test("looks every 50 ms that are a little late leave no gap", () => {
  const recording = handMade([...looks("client", 0, 50, 400), ...looks("server", 0, 350)]);
  expect(longestGap(recording, { kind: "sockets" })).toBeNull();
});

test("the longest time without a look is found, at the selected host or at any", () => {
  const recording = handMade([...looks("client", 0, 500), ...looks("server", 0, 100, 900)]);
  expect(longestGap(recording, { kind: "sockets" })).toEqual({ fromUs: 100_000, toUs: 900_000 });
  expect(longestGap(recording, { kind: "sockets", host: "client" })).toEqual({ fromUs: 0, toUs: 500_000 });
});

test("a time without samples counts only where it overlaps the time that is asked about", () => {
  const recording = handMade([...looks("server", 0, 50, 800, 850, 900)]);
  const within = (fromUs: number, toUs: number) =>
    longestGap(recording, { kind: "sockets" }, { fromUs, toUs });
  expect(within(800_000, 900_000)).toBeNull();
  expect(within(0, 50_000)).toBeNull();
  expect(within(100_000, 200_000)).toEqual({ fromUs: 50_000, toUs: 800_000 });
});
