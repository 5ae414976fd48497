import { expect, test } from "vitest";
import { script } from "./order.ts";
import { readStep, writeStep } from "./step.ts";

interface More {
  tls?: boolean;
  repeat?: number;
  last?: string[];
}
const whole = (steps: string[], { last = [], ...more }: More = {}): string[] =>
  script(steps.map(readStep), { tls: false, repeat: 1, ...more, last: last.map(readStep) }).map(writeStep);

test("connect is first, handshake follows it with TLS, and the steps after them are repeated", () => {
  expect(whole(["some"])).toEqual(["connect 5000", "some 5000"]);
  expect(whole(["connect 70", "pause", "resume"], { repeat: 2 })).toEqual([
    "connect 70",
    ...["pause", "resume", "pause", "resume"],
  ]);
  expect(whole(["some"], { repeat: 2, last: ["close"] })).toEqual([
    "connect 5000",
    ...["some 5000", "some 5000", "close"],
  ]);
  expect(whole(["close"], { tls: true })).toEqual(["connect 5000", "handshake 5000", "close"]);
  expect(whole(["handshake 70", "close"], { tls: true })).toEqual(["connect 5000", "handshake 70", "close"]);
  expect(whole(["try connect 70", "handshake 70"], { tls: true })).toEqual([
    "try connect 70",
    "handshake 70",
  ]);
});

test.each([
  [["some", "connect"], {}, "connect can only be first"],
  [["handshake"], {}, "handshake can only be first, and needs --tls"],
  [["close", "send a"], {}, "send comes after close"],
  [["reset", "end"], {}, "end comes after reset"],
  [["close", "close"], {}, "close comes after close"],
  [["shutdown", "send a"], {}, "send comes after shutdown"],
  [["pause", "answer"], {}, "answer comes after pause"],
  [["stay", "close"], {}, "close comes after stay"],
  [["send a", "shutdown", "end"], { repeat: 3 }, "send comes after shutdown"],
  [["some", "pause"], { repeat: 2 }, "some comes after pause"],
  [["pause"], { last: ["some"] }, "some comes after pause"],
  [["some"], { last: ["connect"] }, "connect can only be first"],
])("%j with %j is refused", (steps, more, why) => {
  expect(() => whole(steps, more)).toThrow(why);
});

test("a connection that is closed can wait, and one that has sent its FIN can read", () => {
  expect(() => whole(["close", "wait 5", "together 1"])).not.toThrow();
  expect(() => whole(["shutdown", "answer", "end", "reset"])).not.toThrow();
});
