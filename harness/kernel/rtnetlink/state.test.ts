import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import { attribute } from "../netlink/hand-made.fixture.ts";
import { OPERATIONAL_STATES, operationalState, readState } from "./state.ts";

/** IFLA_OPERSTATE, and IFLA_MTU as an attribute before it. */
const STATE = 16;
const MTU = 4;
/** RTM_NEWLINK. */
const NEW_LINK = 16;

/** A message with struct ifinfomsg (16 bytes) and attributes, each padded to a multiple of 4. */
function answer(type: number, ...attributes: Uint8Array[]): Uint8Array {
  const filled = attributes.map((one) => Buffer.concat([one, Buffer.alloc(-one.length & 3)]));
  const bytes = Buffer.concat([Buffer.alloc(32), ...filled]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(0, bytes.length, LITTLE_ENDIAN);
  view.setUint16(4, type, LITTLE_ENDIAN);
  return bytes;
}

function read(bytes: Uint8Array): string {
  const datagram = new Datagram(1024);
  datagram.bytes.set(bytes);
  return readState(datagram, bytes.length);
}

describe("the state of an interface", () => {
  test.each(OPERATIONAL_STATES.map((state, number) => [state, number] as const))(
    "is read: %s",
    (state, number) => {
      const mtu = attribute(MTU, new Uint8Array([1, 2, 3, 4, 5]));
      expect(read(answer(NEW_LINK, mtu, attribute(STATE, new Uint8Array([number]))))).toBe(state);
    },
  );

  test.each([
    ["an unknown state", answer(NEW_LINK, attribute(STATE, new Uint8Array([7])))],
    ["no state", answer(NEW_LINK, attribute(MTU, new Uint8Array(4)))],
    ["another message", answer(3)],
    ["a header that is cut off", new Uint8Array(9)],
    ["an attribute beyond the end", answer(NEW_LINK, new Uint8Array([200, 0, 16, 0]))],
  ])("is not found in an answer with %s", (_, bytes) => {
    expect(() => read(bytes)).toThrow(NetlinkFormatError);
  });

  test("is read or refused, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        try {
          expect(OPERATIONAL_STATES).toContain(read(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(NetlinkFormatError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test("the kernel returns the state of an existing interface, and ENODEV for another", () => {
  expect(OPERATIONAL_STATES).toContain(operationalState("lo"));
  expect(() => operationalState("nobody0")).toThrow(expect.objectContaining({ code: "ENODEV" }));
});
