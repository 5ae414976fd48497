import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { monotonicUs } from "../load/clock.ts";
import { Waiting } from "./waiting.ts";

const ends: { destroy?: () => void; close?: () => void }[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) (end.destroy ?? end.close)?.call(end);
});

/** Both ends of a connection in this process. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const one = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [other] = (await once(server, "connection")) as [Socket];
  ends.push(server, one, other);
  return [one, other];
}

/** Keeps this process from everything, as a busy machine does. */
function block(ms: number): void {
  const endUs = monotonicUs() + ms * 1000;
  while (monotonicUs() < endUs);
}

test("bytes and a FIN that came within the limit count, although the process had no time to read them", async () => {
  const [one, other] = await pair();
  const waiting = new Waiting();
  let [came, ended] = [0, false];
  one.on("data", ({ length }) => (came += length)).on("end", () => (ended = true));
  const both = waiting.until(() => (ended ? came : null), 20);
  other.end("hello");
  // Node writes at once, and sends the FIN at the latest in its next turn; the other end reads neither before the limit is over.
  await new Promise((resolve) => setImmediate(resolve));
  block(40);
  expect(await both).toBe(5);
});

test("a wait ends at its limit, at a change, and when it is cancelled", async () => {
  const waiting = new Waiting();
  expect(await waiting.until(() => null, 5)).toBe("timeout");
  let value: string | null = null;
  const changed = waiting.until(() => value, 60_000);
  value = "now";
  waiting.ring();
  expect(await changed).toBe("now");
  const stays = waiting.until(() => null, Number.POSITIVE_INFINITY);
  waiting.cancel();
  expect(await stays).toBe("ECANCELED");
  expect(await waiting.until(() => "ready", 5)).toBe("ready");
  expect(await waiting.until(() => null, 5)).toBe("ECANCELED");
});
