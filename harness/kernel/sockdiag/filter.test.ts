import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { portFilter, withoutPortFilter } from "./filter.ts";

const port = fc.integer({ min: 1, max: 65_535 });
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 40 });

describe("the program of a port filter", () => {
  test("keeps exactly the sockets with one of the ports", () => {
    fc.assert(
      fc.property(ports, port, port, fc.nat(), (asked, any, other, pick) => {
        const program = portFilter(asked);
        const one = asked[pick % asked.length]!;
        expect(run(program, one, other)).toBe(true);
        expect(run(program, other, one)).toBe(true);
        expect(run(program, any, other)).toBe(asked.includes(any) || asked.includes(other));
      }),
    );
  });

  test("passes the kernel's audit", () => {
    fc.assert(fc.property(ports, (asked) => audit(portFilter(asked))));
    expect(audit(portFilter(Array.from({ length: 1000 }, (_, i) => i + 1)))).toBe(true);
  });

  test.each([
    ["none", []],
    ["0", [0]],
    ["one too high", [65_536]],
    ["a fraction", [80.5]],
    ["more than a thousand", Array.from({ length: 1001 }, (_, i) => i + 1)],
  ])("is not made for ports that are %s", (_, asked) => {
    expect(() => portFilter(asked)).toThrow(RangeError);
  });
});

test("the program without a port drops exactly the sockets with that port, and passes the kernel's audit", () => {
  fc.assert(
    fc.property(port, port, port, (without, any, other) => {
      const program = withoutPortFilter(without);
      expect(audit(program)).toBe(true);
      expect(run(program, without, other)).toBe(false);
      expect(run(program, other, without)).toBe(false);
      expect(run(program, any, other)).toBe(any !== without && other !== without);
    }),
  );
  expect(() => withoutPortFilter(0)).toThrow(RangeError);
});

interface Op {
  code: number;
  yes: number;
  no: number;
  port: number;
}

function opAt(program: Uint8Array, at: number): Op {
  const view = new DataView(program.buffer, program.byteOffset + at);
  const code = view.getUint8(0);
  const port = code === 1 ? 0 : view.getInt32(8, LITTLE_ENDIAN);
  return { code, yes: view.getUint8(1), no: view.getUint16(2, LITTLE_ENDIAN), port };
}

/** Runs a program as the kernel does: inet_diag_bc_run, net/ipv4/inet_diag.c. 1 is JMP, 7 tests the local port, 8 the remote one. */
function run(program: Uint8Array, localPort: number, remotePort: number): boolean {
  let at = 0;
  while (at < program.length) {
    const { code, yes, no, port } = opAt(program, at);
    const holds = (code === 7 && port === localPort) || (code === 8 && port === remotePort);
    at += holds ? yes : no;
  }
  return at === program.length;
}

/** Checks a program as the kernel does before it runs it: inet_diag_bc_audit and valid_cc in the same file. */
function audit(program: Uint8Array): boolean {
  const chain = new Set<number>([program.length]);
  for (let at = 0; at < program.length; at += opAt(program, at).yes) chain.add(at);
  for (let at = 0; at < program.length;) {
    const { code, yes, no } = opAt(program, at);
    const least = code === 1 ? 4 : 12;
    const left = program.length - at;
    if (no < least || no > left + 4 || no % 4 !== 0) return false;
    if (no < left && !chain.has(at + no)) return false;
    if (yes < least || yes > left + 4 || yes % 4 !== 0) return false;
    at += yes;
  }
  return true;
}
