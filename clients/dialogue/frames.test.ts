import fc from "fast-check";
import { expect, test } from "vitest";
import { Frames } from "./frames.ts";
import { Inbox } from "./inbox.ts";

/** A frame of a server: without a mask. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.from([0x80 | opcode, 126, 0, 0]);
  if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** A Close frame with the code 1002. */
const CLOSE = frame(8, Buffer.from([0x03, 0xea]));

function read(...pieces: Buffer[]): { outcome: "ok" | null; fields: object; rest: string } {
  const [frames, inbox] = [new Frames(), new Inbox()];
  let outcome: "ok" | null = null;
  for (const piece of pieces) {
    inbox.add(piece);
    outcome = frames.read(inbox) ?? outcome;
  }
  return { outcome, fields: frames.fields, rest: inbox.take()?.toString() ?? "" };
}

test("a Close frame is read with its code, and what follows it stays", () => {
  const rest = Buffer.from("rest");
  expect(read(CLOSE, rest)).toEqual({ outcome: "ok", fields: { frames: 0, code: 1002 }, rest: "rest" });
  expect(read(Buffer.concat([CLOSE, rest]))).toEqual(read(CLOSE, rest));
  expect(read(frame(8, Buffer.alloc(0)))).toMatchObject({ outcome: "ok", fields: { code: null } });
});

test("other frames are skipped, whatever their payload looks like", () => {
  const others = [frame(1, CLOSE), frame(9, Buffer.alloc(0)), frame(2, Buffer.alloc(300, 0x88))];
  expect(read(...others)).toMatchObject({ outcome: null, fields: { frames: 3, code: null } });
  expect(read(...others, CLOSE)).toMatchObject({ outcome: "ok", fields: { frames: 3, code: 1002 } });
});

test("a payload of 64 KiB and a masked one are counted by their heads", () => {
  const long = Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536, 0x88)]);
  const masked = Buffer.from([0x81, 0x81, 1, 2, 3, 4, 0x88]);
  expect(read(long, masked, CLOSE)).toMatchObject({ outcome: "ok", fields: { frames: 2, code: 1002 } });
});

test("frames in any pieces are read as in one", () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 });
  fc.assert(
    fc.property(payloads, fc.integer({ min: 1, max: 50 }), (all, size) => {
      const bytes = Buffer.concat([...all.map((one) => frame(1, Buffer.from(one))), CLOSE]);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, nth) =>
        bytes.subarray(nth * size, (nth + 1) * size),
      );
      const fields = { frames: all.length, code: 1002 };
      expect(read(...pieces)).toEqual({ outcome: "ok", fields, rest: "" });
    }),
  );
});
