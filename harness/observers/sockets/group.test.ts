import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SOCKET_STATES, SOCKET_TIMERS, stateName, timerName } from "../../kernel/sockdiag/state.ts";
import { parseTcpInfo } from "../../kernel/tcpinfo.ts";
import type { SocketGroup } from "../../model/sample.ts";
import { Classifier } from "./classifier.ts";
import { Census } from "./group.ts";
import type { Holders } from "./owners.ts";
import { parsePortRange } from "./ports.ts";
import type { Row } from "./row.ts";

const EPHEMERAL = { low: 32_768, high: 60_999 };
const PORT = 8080;
const CLIENT = 40_000;
const LISTENER = row({
  state: "LISTEN",
  localPort: PORT,
  remotePort: 0,
  inode: 1,
  receiveQueue: 3,
  sendQueue: 511,
});

describe("the side of a socket", () => {
  test("is found at both ends of a connection on one host", () => {
    expect(
      sides([
        LISTENER,
        row({ state: "CLOSE-WAIT", localPort: PORT, remotePort: CLIENT }),
        row({ state: "FIN-WAIT-2", localPort: CLIENT, remotePort: PORT }),
      ]),
    ).toEqual([`LISTEN listener ${PORT}`, `CLOSE-WAIT listener ${PORT}`, `FIN-WAIT-2 connector ${PORT}`]);
  });

  test("is the connector's on a host without listeners, and the port is the remote one", () => {
    expect(sides([row({ state: "TIME-WAIT", localPort: CLIENT, remotePort: PORT })])).toEqual([
      `TIME-WAIT connector ${PORT}`,
    ]);
  });

  test("stays the listener's after the listener has closed", () => {
    const census = counting(5);
    look(census, [LISTENER]);
    expect(look(census, [row({ state: "TIME-WAIT", localPort: PORT, remotePort: CLIENT })])).toMatchObject([
      { side: "listener", port: PORT },
    ]);
  });

  test("is the connector's when the local port belonged to a closed listener and the remote port has a listener now", () => {
    const census = counting(5);
    look(census, [row({ state: "LISTEN", localPort: CLIENT, remotePort: 0 })]);
    expect(look(census, [LISTENER, row({ localPort: CLIENT, remotePort: PORT })])).toContainEqual(
      expect.objectContaining({ state: "ESTABLISHED", side: "connector", port: PORT }),
    );
  });

  test("is the connector's when a socket is connected to itself, even on a port that had a listener", () => {
    const census = counting(5);
    look(census, [LISTENER]);
    expect(look(census, [row({ localPort: PORT, remotePort: PORT, isSelfConnected: true })])).toMatchObject([
      { side: "connector", port: PORT },
    ]);
  });
});

describe("the side of a socket whose listener was in no sample", () => {
  const side = (localPort: number, remotePort: number): string =>
    look(counting(5), [row({ state: "TIME-WAIT", localPort, remotePort })])[0]!.side;

  test.each([
    ["from a server's port to an ephemeral one", PORT, CLIENT, "listener"],
    ["from an ephemeral port to another", CLIENT, CLIENT + 1, "connector"],
    ["from an ephemeral port to a server's", CLIENT, PORT, "connector"],
    ["from a bound port to a server's", 1023, PORT, "connector"],
    ["from the lowest ephemeral port to the highest", 32_768, 60_999, "connector"],
    ["from just below the range into it", 32_767, 60_999, "listener"],
    ["from just above the range into it", 61_000, 32_768, "listener"],
  ])("follows from the range of ephemeral ports: %s", (_, localPort, remotePort, expected) => {
    expect(side(localPort, remotePort)).toBe(expected);
  });

  test("is the connector's when its remote port had a listener on this host", () => {
    const census = counting(5);
    look(census, [row({ state: "LISTEN", localPort: CLIENT, remotePort: 0 })]);
    expect(look(census, [row({ localPort: 1023, remotePort: CLIENT })])).toMatchObject([
      { side: "connector" },
    ]);
  });

  test("needs a valid range", () => {
    expect(parsePortRange("32768\t60999\n")).toEqual(EPHEMERAL);
    expect(() => parsePortRange("")).toThrow("ip_local_port_range");
  });
});

describe("the owner of a socket", () => {
  const holders: Holders = new Map([
    [1, [100]],
    [2, [100]],
    [3, [101]],
    [4, [100, 101]],
  ]);
  const accepted = (inode: number): Row => row({ localPort: PORT, remotePort: CLIENT, inode });

  test.each([
    ["none without an inode", 0, "none"],
    ["the listener, when the process that listens on its port holds it", 2, "listener"],
    ["a process, when another one holds it", 3, "process"],
    ["shared, when two hold it, even if one is the listener", 4, "shared"],
    ["unseen, when no known process holds it", 9, "unseen"],
  ])("is %s", (_, inode, owner) => {
    const groups = look(counting(5), [LISTENER, accepted(inode)], holders);
    expect(groups.find(({ state }) => state === "ESTABLISHED")?.owner).toBe(owner);
    expect(groups.find(({ state }) => state === "LISTEN")?.owner).toBe("listener");
  });

  test("at the connecting end is a process, even the one that listens", () => {
    const groups = look(
      counting(5),
      [LISTENER, row({ localPort: CLIENT, remotePort: PORT, inode: 2 })],
      holders,
    );
    expect(groups.find(({ side }) => side === "connector")?.owner).toBe("process");
  });

  test("is not the listener when it held the listening socket only between fork() and exec()", () => {
    const census = counting(5);
    const forking = new Map([
      [1, [100, 102]],
      [5, [100, 102]],
    ]);
    look(census, [LISTENER, accepted(5)], forking);
    const after = new Map([
      [1, [100]],
      [5, [102]],
    ]);
    const groups = look(census, [LISTENER, accepted(5)], after);
    expect(groups.find(({ state }) => state === "ESTABLISHED")?.owner).toBe("process");
  });

  test("stays the listener after it has stopped listening", () => {
    const census = counting(5);
    look(census, [LISTENER], holders);
    expect(look(census, [accepted(2)], new Map([[2, [100]]]))).toMatchObject([{ owner: "listener" }]);
  });

  test("is a listener where nobody has been seen to listen: it has accepted the connection, and has stopped listening since", () => {
    const accepted = row({ localPort: PORT, remotePort: CLIENT, inode: 2 });
    const connected = row({ localPort: CLIENT, remotePort: PORT, inode: 3 });
    const holders = new Map([
      [2, [100]],
      [3, [100]],
    ]);
    expect(look(counting(5), [accepted], holders)).toMatchObject([{ side: "listener", owner: "listener" }]);
    expect(look(counting(5), [connected], holders)).toMatchObject([{ side: "connector", owner: "process" }]);
  });

  test("is unseen when no observer samples the processes", () => {
    expect(look(counting(5), [accepted(2)], null)).toMatchObject([{ owner: "unseen" }]);
  });
});

describe("groups", () => {
  test("are kept apart by queues and timers, and a listener's queue is not counted in bytes", () => {
    const groups = look(counting(5), [
      LISTENER,
      row({ localPort: PORT, receiveQueue: 97 }),
      row({ localPort: PORT, sendQueue: 97, timer: "on" }),
      row({ localPort: PORT, timer: "keepalive" }),
      row({ localPort: PORT, timer: "keepalive" }),
    ]);
    expect(groups.map((g) => `${g.state} ${g.receiveQueue} ${g.sendQueue} ${g.timer} ${g.count}`)).toEqual([
      "ESTABLISHED holding empty none 1",
      "ESTABLISHED empty holding on 1",
      "ESTABLISHED empty empty keepalive 2",
      "LISTEN empty empty none 1",
    ]);
    expect(groups.at(-1)?.examples[0]).toMatchObject({ receiveQueueBytes: 0, sendQueueBytes: 0 });
  });

  test("count all sockets, keep at most the requested number of examples, and forget the previous sample", () => {
    const states = SOCKET_STATES.filter((state) => state !== null && state !== "LISTEN");
    const seen = fc.record({
      state: fc.constantFrom(...states),
      timer: fc.constantFrom(...SOCKET_TIMERS),
      localPort: fc.constantFrom(PORT, CLIENT, CLIENT + 1),
      remotePort: fc.constantFrom(PORT, CLIENT, 65_535),
      receiveQueue: fc.nat(2),
      sendQueue: fc.nat(2),
      inode: fc.nat(4),
    });
    const census = counting(3);
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 60 }), (sockets) => {
        const rows = sockets.map(row);
        const groups = look(census, [LISTENER, ...rows], new Map([[2, [100]]]));
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length + 1);
        expect(groups.every(({ count, examples }) => examples.length === Math.min(count, 3))).toBe(true);
        const kinds = groups.map(({ count: _, examples: __, ...kind }) => JSON.stringify(kind));
        expect(new Set(kinds).size).toBe(groups.length);
        expect(look(census, [LISTENER, ...rows.toReversed()], new Map([[2, [100]]])).map(counted)).toEqual(
          groups.map(counted),
        );
      }),
    );
  });

  test("keep unnamed states and timers apart by their numbers, after all named ones", () => {
    const byte = fc.nat(255);
    const numbers = fc.uniqueArray(fc.tuple(byte, byte), { selector: String, maxLength: 40 });
    fc.assert(
      fc.property(numbers, (pairs) => {
        const rows = pairs
          .filter(([state]) => stateName(state) !== "LISTEN")
          .map(([state, timer]) => ({ ...row({ localPort: PORT }), state, timer }));
        const groups = look(
          counting(1),
          rows.flatMap((one) => [one, one]),
        );
        expect(groups.map(({ state, timer, count }) => `${state} ${timer} ${count}`).toSorted()).toEqual(
          rows.map(({ state, timer }) => `${stateName(state)} ${timerName(timer)} 2`).toSorted(),
        );
      }),
    );
  });

  test("are kept apart by what was exchanged where the dump has tcp_info, in the same order as without", () => {
    const rows = [
      row({ state: "CLOSE-WAIT", localPort: CLIENT, remotePort: PORT, exchanged: () => "both" }),
      ...(["both", "nothing", "received", null, "sent", "nothing"] as const).map((exchanged) =>
        row({ localPort: CLIENT, remotePort: PORT, exchanged: () => exchanged }),
      ),
      row({ state: "LISTEN", localPort: 9, remotePort: 0, exchanged: () => "both" }),
    ];
    const groups = look(counting(1, true), rows);
    expect(groups.map(({ state, exchanged, count }) => `${state} ${exchanged} ${count}`)).toEqual([
      "LISTEN undefined 1",
      "ESTABLISHED undefined 1",
      "ESTABLISHED nothing 2",
      "ESTABLISHED sent 1",
      "ESTABLISHED received 1",
      "ESTABLISHED both 1",
      "CLOSE-WAIT both 1",
    ]);
    expect(look(counting(1), rows).map(({ count }) => count)).toEqual([1, 6, 1]);
  });

  test("have examples with both ends, the pids and the kernel's figures", () => {
    const info = new Uint8Array(232);
    info[136 - 8] = 97;
    info[148 - 4] = 23;
    const [group] = look(
      counting(1),
      [row({ localPort: CLIENT, remotePort: PORT, inode: 2, tcpInfo: () => parseTcpInfo(info) })],
      new Map([[2, [100, 101]]]),
    );
    expect(group?.examples).toEqual([
      expect.objectContaining({
        local: "192.0.2.1:40000",
        remote: "[2001:db8::1]:8080",
        inode: 2,
        pids: [100, 101],
        tcpInfo: expect.objectContaining({ bytesReceived: 97, rttUs: 0, notSentBytes: 23 }),
      }),
    ]);
    const [older] = look(counting(1), [row({ tcpInfo: () => parseTcpInfo(info.subarray(0, 136)) })]);
    expect(older?.examples[0]?.tcpInfo).not.toHaveProperty("notSentBytes");
    const [old] = look(counting(1), [row({ tcpInfo: () => parseTcpInfo(info.subarray(0, 104)) })]);
    expect(old?.examples[0]).not.toHaveProperty("tcpInfo");
  });
});

interface Told extends Omit<Partial<Row>, "state" | "timer"> {
  state?: (typeof SOCKET_STATES)[number];
  timer?: (typeof SOCKET_TIMERS)[number];
}

function row({ state = "ESTABLISHED", timer = "none", ...rest }: Told): Row {
  return {
    timerMs: 0,
    retransmits: 0,
    localAddress: "192.0.2.1",
    localPort: CLIENT,
    remoteAddress: "2001:db8::1",
    remotePort: CLIENT,
    receiveQueue: 0,
    sendQueue: 0,
    uid: 0,
    inode: 0,
    isSelfConnected: false,
    tcpInfo: () => null,
    exchanged: () => null,
    ...rest,
    state: SOCKET_STATES.indexOf(state),
    timer: SOCKET_TIMERS.indexOf(timer),
  };
}

/** A census with a classifier of its own, as a host has it. */
interface Counting {
  census: Census;
  classifier: Classifier;
}

function counting(examplesEach: number, hasTcpInfo = false): Counting {
  const classifier = new Classifier(EPHEMERAL);
  return { census: new Census(examplesEach, classifier, { hasTcpInfo }), classifier };
}

function look({ census, classifier }: Counting, rows: Row[], holders: Holders | null = null): SocketGroup[] {
  classifier.begin(holders);
  census.begin();
  for (const seen of rows) {
    classifier.learn(seen);
    census.add(seen);
  }
  return census.groups();
}

function sides(rows: Row[]): string[] {
  const census = counting(5);
  const order = new Map(rows.map(({ state }, i) => [stateName(state), i]));
  return look(census, rows)
    .toSorted((a, b) => order.get(a.state)! - order.get(b.state)!)
    .map(({ state, side, port }) => `${state} ${side} ${port}`);
}

function counted({ examples: _, ...group }: SocketGroup): object {
  return group;
}
