import { expect, test } from "vitest";
import { clientBoundSentences } from "./client-bound.ts";
import { armOf } from "./figures.ts";
import { planOf, turn } from "./hand-made.fixture.ts";

const arm = (id: number | null, client: number, server: number | null) => {
  const one = turn({ busy: { client, server } });
  return armOf(planOf(), id, null, [one, one]);
};

test("arms whose client is the bottleneck are named, with the figures of both ends", () => {
  expect(clientBoundSentences([arm(1, 0.9, 0.5), arm(null, 0.95, 0.6), arm(5, 0.8, 0.95)])).toEqual([
    "Here, the client was the bottleneck of short and keep-alive: its busiest thread had work for 90 to 95 % of " +
      "the time, the server's for 50 to 60 %, so the server could do more. Requests a second and times are the client's.",
  ]);
  expect(clientBoundSentences([arm(1, 0.95, 0.4)])).toEqual([
    expect.stringMatching(
      /^Here, the client was the bottleneck of every arm: its busiest thread had work for 95 % of the time/,
    ),
  ]);
});

test("a busy client beside a server that could not be observed is no measure of the server", () => {
  expect(clientBoundSentences([arm(1, 0.95, null)])).toEqual([
    expect.stringMatching(/could not be read, so it is not known whether the server could do more\./),
  ]);
});

test("a server without slack is the limit too, and a client with slack is none", () => {
  expect(clientBoundSentences([arm(1, 0.9, 0.95), arm(null, 0.95, 0.9), arm(5, 0.3, 0.1)])).toEqual([]);
});
