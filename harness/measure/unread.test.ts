import { describe, expect, test } from "vitest";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { atLeast } from "../verdict/vocabulary/bound.ts";
import { socketsAtPeak } from "../verdict/vocabulary/sockets.ts";
import { put } from "../verdict/vocabulary/put.fixture.ts";
import { exampleRows, socketSeries } from "./sockets.ts";
import { known, Unread, unreadColumn, withUnread, withValues } from "./unread.ts";

const whole = { state: "LISTEN", timer: "none", inode: 7 };
const part = withUnread(whole, { timer: "timer", inode: "inode" });

describe("a field that was not read", () => {
  test("refuses everybody who asks for it, also in a copy", () => {
    expect(() => part.timer).toThrow(Unread);
    expect(() => ({ ...part })).toThrow(Unread);
    expect(() => withValues(part, { state: "ESTABLISHED" }).inode).toThrow(Unread);
    expect(() => JSON.stringify(part)).toThrow(Unread);
  });

  test("has the column that would show it", () => {
    expect([unreadColumn(part, "timer"), unreadColumn(part, "state"), unreadColumn(part, "nothing")]).toEqual(
      ["timer", null, null],
    );
    expect(known(part)).toEqual({ state: "LISTEN" });
  });

  test("can be given a value", () => {
    expect(withValues(part, { timer: "on" }).timer).toBe("on");
    expect(whole.timer).toBe("none");
  });
});

describe("a selector of sockets", () => {
  const untold = withUnread(group("CLOSE-WAIT", "listener", 23), { owner: "holder", timer: "timer" });
  const recording = handMade([
    socketsAt(at(0), "server", [untold, group("CLOSE-WAIT", "listener", 5, { owner: "listener" })]),
  ]);
  const held = { state: "CLOSE-WAIT", owner: "listener" } as const;

  test("that does not ask for what was not read counts them", () => {
    expect(socketSeries(recording, { state: "CLOSE-WAIT" }).peak?.value).toBe(28);
  });

  test("that asks for it has no answer, unless another condition decides", () => {
    expect(() => socketSeries(recording, held)).toThrow(Unread);
    expect(() => exampleRows(recording, held)).toThrow(Unread);
    expect(socketSeries(recording, { ...held, state: "ESTABLISHED" }).peak?.value).toBe(0);
  });

  test("a claim is answered where the unread ones make no difference, and says what it needs where they do", () => {
    expect(put(socketsAtPeak(held, atLeast(5)), recording)[1]).toBe(true);
    expect(put(socketsAtPeak(held, atLeast(97)), recording)[1]).toBe(false);
    expect(socketsAtPeak(held, atLeast(7)).test(recording)).toMatchObject({ holds: null, lacks: ["holder"] });
  });
});
