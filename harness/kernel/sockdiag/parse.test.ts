import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attribute } from "../netlink/hand-made.fixture.ts";
import { AF_INET, AF_INET6 } from "../address.ts";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { SystemCallError } from "../libc.ts";
import { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import { visitRows } from "./parse.ts";
import { type DiagSocket, SocketRow } from "./row.ts";
import { SOCKET_STATES, type SocketState, stateName, timerName } from "./state.ts";

const SEQUENCE = 7;
const CAPACITY = 32 * 1024;

/** The values of a row, with the addresses as bytes. */
interface Given {
  family: number;
  state: number;
  timer: number;
  retransmits: number;
  localPort: number;
  remotePort: number;
  src: Uint8Array;
  dst: Uint8Array;
  timerMs: number;
  receiveQueue: number;
  sendQueue: number;
  uid: number;
  inode: number;
  /** Bytes of struct tcp_info, and attributes of other kinds before it. */
  tcpInfo: Uint8Array | null;
  otherAttributes: [type: number, value: Uint8Array][];
}

const u32 = fc.nat(0xffff_ffff);
const port = fc.integer({ min: 0, max: 65_535 });
const given: fc.Arbitrary<Given> = fc.record({
  // Any byte, because a later kernel can use numbers that have no name here.
  family: fc.oneof(fc.constantFrom(AF_INET, AF_INET6), fc.nat(255)),
  state: fc.nat(255),
  timer: fc.nat(255),
  retransmits: fc.nat(255),
  localPort: port,
  remotePort: port,
  src: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  dst: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  timerMs: fc.nat(0x7fff_ffff),
  receiveQueue: u32,
  sendQueue: u32,
  uid: u32,
  inode: u32,
  tcpInfo: fc.option(fc.uint8Array({ minLength: 104, maxLength: 300 })),
  otherAttributes: fc.array(
    fc.tuple(
      fc.nat(0xffff).filter((type) => type !== 2),
      fc.uint8Array({ maxLength: 9 }),
    ),
    { maxLength: 3 },
  ),
});

describe("a datagram of rows", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 20 }), (sockets) => {
        const { read, done } = visit(concat([...sockets.map((socket) => row(socket)), doneMessage(0)]));
        expect(done).toBe(true);
        expect(read.map(essence)).toEqual(sockets.map(essenceOfGiven));
      }),
      { numRuns: 60 },
    );
  });

  test("that does not end with DONE is followed by another one", () => {
    const { read, done } = visit(row(plain()));
    expect(done).toBe(false);
    expect(read).toHaveLength(1);
  });

  test("shows IPv4 as such, and the IPv4 end of a dual-stack socket as plain IPv4", () => {
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1);
    const v6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    const v4 = Uint8Array.of(198, 51, 100, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const { read } = visit(
      concat([row({ ...plain(), family: AF_INET6, src: mapped, dst: v6 }), row({ ...plain(), src: v4 })]),
    );
    expect(read[0]).toMatchObject({ localAddress: "192.0.2.1", remoteAddress: "2001:db8::1" });
    expect(read[1]).toMatchObject({ localAddress: "198.51.100.7", remoteAddress: "0.0.0.0" });
  });

  test("shows a later kernel's unnamed values by their numbers", () => {
    expect(visit(row({ ...plain(), state: 14, timer: 6, family: 99 })).read[0]).toMatchObject({
      state: "unknown-14",
      timer: "unknown-6",
      family: 99,
      localAddress: "unknown-99",
      localPort: 80,
    });
    expect(visit(row({ ...plain(), state: 0, timer: 5 })).read[0]).toMatchObject({
      state: "unknown-0",
      timer: "delack",
    });
  });

  test("does not match an address of another family", () => {
    let found = false;
    const zeros = { ipv4: 0, ipv6: [0, 0, 0, 0] };
    visit(
      row({ ...plain(), family: 99 }),
      (seen) => (found = seen.isLocally(zeros) || seen.isRemotely(zeros)),
    );
    expect(found).toBe(false);
  });

  test("counts a timer that is overdue as due now", () => {
    expect(visit(row({ ...plain(), timerMs: 0xffff_fff0 })).read[0]).toMatchObject({ timerMs: 0 });
  });

  test("recognises a socket that is connected to itself by its ports and addresses", () => {
    const address = Uint8Array.of(127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const ends = { ...plain(), src: address, dst: address, localPort: 40_000 };
    const selfConnected = (socket: Given): boolean => {
      let answer = false;
      visit(row(socket), (seen) => (answer = seen.isSelfConnected));
      return answer;
    };
    expect(selfConnected({ ...ends, remotePort: 40_000 })).toBe(true);
    expect(selfConnected({ ...ends, remotePort: 40_001 })).toBe(false);
    expect(
      selfConnected({ ...ends, remotePort: 40_000, dst: Uint8Array.from(address, (b, i) => b + i) }),
    ).toBe(false);
  });

  test("shows which ways data went, from bytes_sent and bytes_received", () => {
    const exchanged = (state: SocketState, sent: number, received: number, length = 232): string | null => {
      const info = new DataView(new ArrayBuffer(length));
      // A SYN and a FIN that are acknowledged.
      if (length >= 128) info.setBigUint64(120, BigInt(sent + 2), LITTLE_ENDIAN);
      if (length >= 136) info.setBigUint64(128, BigInt(received), LITTLE_ENDIAN);
      if (length >= 208) info.setBigUint64(200, BigInt(sent), LITTLE_ENDIAN);
      let answer: string | null = "";
      const tcpInfo = new Uint8Array(info.buffer);
      visit(
        row({
          ...plain(),
          state: SOCKET_STATES.indexOf(state),
          tcpInfo,
          otherAttributes: [[8, tcpInfo.subarray(0, 5)]],
        }),
        (seen) => (answer = seen.exchanged()),
      );
      return answer;
    };
    expect(exchanged("ESTABLISHED", 0, 0)).toBe("nothing");
    expect(exchanged("ESTABLISHED", 1, 0)).toBe("sent");
    expect(exchanged("ESTABLISHED", 0, 1)).toBe("received");
    expect(exchanged("ESTABLISHED", 2 ** 40, 2 ** 32)).toBe("both");
    expect(exchanged("CLOSE-WAIT", 0, 1)).toBe("nothing");
    expect(exchanged("CLOSE-WAIT", 0, 2)).toBe("received");
    // Before Linux 4.19, what was acknowledged counts as sent; before 4.1, nothing is known.
    expect(exchanged("FIN-WAIT-2", 0, 0, 192)).toBe("nothing");
    expect(exchanged("FIN-WAIT-2", 5, 0, 192)).toBe("sent");
    expect(exchanged("ESTABLISHED", 5, 5, 104)).toBeNull();
    visit(row({ ...plain(), tcpInfo: null }), (seen) => expect(seen.exchanged()).toBeNull());
  });

  test("with another sequence number belongs to an earlier dump, and is skipped", () => {
    const old = concat([row(plain(), SEQUENCE - 1), doneMessage(0, SEQUENCE - 1)]);
    const { read, done } = visit(concat([old, row(plain()), doneMessage(0)]));
    expect(read).toHaveLength(1);
    expect(done).toBe(true);
  });
});

describe("an answer that is not a row", () => {
  test("is a SystemCallError when the kernel refused the request", () => {
    const refused = message(2, words(-22, 0, 0, 0, 0));
    expect(() => visit(refused)).toThrow(SystemCallError);
    expect(() => visit(refused)).toThrow("EINVAL");
    expect(() => visit(doneMessage(-12))).toThrow("ENOMEM");
  });

  test("is skipped when it is an acknowledgement or empty", () => {
    const { read, done } = visit(concat([message(2, words(0)), message(1, words()), doneMessage(0)]));
    expect({ read, done }).toEqual({ read: [], done: true });
  });

  test.each([
    ["a row that is cut off", message(18, new Uint8Array(71))],
    ["a length beyond the datagram", words(200, 18, SEQUENCE, 0)],
    ["a length short of the header", words(15, 18, SEQUENCE, 0)],
    ["an error without an errno", message(2, new Uint8Array(0))],
    ["an error with a positive errno", message(2, words(1))],
    ["data lost", message(4, words())],
    ["an attribute that overruns its row", message(18, concat([body(plain()), words(0x0002_00ff)]))],
    ["an attribute shorter than its header", message(18, concat([body(plain()), words(0x0002_0003)]))],
  ])("is refused by name: %s", (_, bytes) => {
    expect(() => visit(bytes)).toThrow(NetlinkFormatError);
  });
});

describe("with any bytes", () => {
  const survives = (bytes: Uint8Array): void => {
    try {
      visit(bytes);
    } catch (error) {
      expect(error instanceof NetlinkFormatError || error instanceof SystemCallError, String(error)).toBe(
        true,
      );
    }
  };

  test("reading ends, with rows or with an error of a known kind", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), survives), { numRuns: 500 });
  });

  test("reading ends when a valid answer was damaged", () => {
    const damage = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 3 }), damage, (sockets, bytes) => {
        const answer = concat([...sockets.map((socket) => row(socket)), doneMessage(0)]);
        for (const [at, value] of bytes) answer[at % answer.length] = value;
        survives(answer);
      }),
      { numRuns: 200 },
    );
  });
});

function visit(bytes: Uint8Array, also?: (row: SocketRow) => void): { read: DiagSocket[]; done: boolean } {
  const datagram = new Datagram(CAPACITY);
  datagram.bytes.set(bytes);
  const read: DiagSocket[] = [];
  const done = visitRows(datagram, bytes.length, SEQUENCE, new SocketRow(datagram), (seen) => {
    read.push(seen.copy());
    also?.(seen);
  });
  return { read, done };
}

function plain(): Given {
  const none = new Uint8Array(16);
  const zero = { timer: 0, retransmits: 0, timerMs: 0, receiveQueue: 0, sendQueue: 0, uid: 0, inode: 0 };
  const ends = { localPort: 80, remotePort: 40_000, src: none, dst: none };
  return { family: AF_INET, state: 1, ...zero, ...ends, tcpInfo: null, otherAttributes: [] };
}

function row(socket: Given, sequence = SEQUENCE): Uint8Array {
  return message(18, body(socket), sequence);
}

/** Makes a struct inet_diag_msg and its attributes. It does not use the code under test. */
function body(socket: Given): Uint8Array {
  const bytes = new Uint8Array(72);
  const view = new DataView(bytes.buffer);
  bytes.set([socket.family, socket.state, socket.timer, socket.retransmits]);
  view.setUint16(4, socket.localPort);
  view.setUint16(6, socket.remotePort);
  bytes.set(socket.src, 8);
  bytes.set(socket.dst, 24);
  const tail = [socket.timerMs, socket.receiveQueue, socket.sendQueue, socket.uid, socket.inode];
  for (const [i, value] of tail.entries()) view.setUint32(52 + 4 * i, value, LITTLE_ENDIAN);
  const attributes = socket.otherAttributes.map(([type, value]) => attribute(type, value));
  if (socket.tcpInfo !== null) attributes.push(attribute(2, socket.tcpInfo));
  return concat([bytes, ...attributes]);
}

function message(type: number, payload: Uint8Array, sequence = SEQUENCE): Uint8Array {
  return concat([words(16 + payload.length, type, sequence, 0), payload]);
}

function doneMessage(errno: number, sequence = SEQUENCE): Uint8Array {
  return message(3, words(errno), sequence);
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** Joins parts, each but the last padded to 4 bytes. */
function concat(parts: Uint8Array[]): Uint8Array {
  const padded = parts.map((part) =>
    Uint8Array.from([...part, ...Array<number>((4 - (part.length % 4)) % 4).fill(0)]),
  );
  return Uint8Array.from(padded.flatMap((part) => [...part]));
}

/** A row without its addresses, which are tested apart, and with the parsed struct tcp_info. */
function essence({ localAddress: _, remoteAddress: __, tcpInfo, ...socket }: DiagSocket): object {
  return { ...socket, rttUs: tcpInfo?.rttUs ?? null };
}

function essenceOfGiven({
  src: _,
  dst: __,
  otherAttributes: ___,
  tcpInfo,
  state,
  timer,
  ...socket
}: Given): object {
  const rttUs =
    tcpInfo === null ? null : new DataView(tcpInfo.buffer, tcpInfo.byteOffset).getUint32(68, LITTLE_ENDIAN);
  return { ...socket, state: stateName(state), timer: timerName(timer), rttUs };
}
