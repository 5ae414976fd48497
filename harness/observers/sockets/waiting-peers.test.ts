import { expect, test } from "vitest";
import { SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import type { Row } from "./row.ts";
import { WaitingPeers } from "./waiting-peers.ts";

function row(state: "CLOSE-WAIT" | "ESTABLISHED" | "FIN-WAIT-2", changes: Partial<Row> = {}): Row {
  return {
    state: SOCKET_STATES.indexOf(state),
    localAddress: "127.0.0.1",
    localPort: 8080,
    remoteAddress: "127.0.0.1",
    remotePort: 50_000,
    inode: 7,
    ...changes,
  } as Row;
}

/** Two samples of the same rows, and what the second one tells of the first row. */
function told(closeWait: Row, ...others: Row[]): string | null {
  const peers = new WaitingPeers();
  let last: string | null = null;
  for (let sample = 0; sample < 2; sample += 1) {
    peers.begin();
    for (const one of [closeWait, ...others]) peers.learn(one);
    last = peers.peerOf(closeWait);
  }
  return last;
}

const far = row("FIN-WAIT-2", { localPort: 50_000, remotePort: 8080 });

test("an end that a process holds waits, also where the other one is an IPv6 socket", () => {
  expect(told(row("CLOSE-WAIT"), far)).toBe("held");
  const mapped = { localAddress: "::ffff:127.0.0.1", remoteAddress: "::ffff:127.0.0.1" };
  expect(told(row("CLOSE-WAIT", mapped), far)).toBe("held");
});

test("an end that the kernel finishes alone, and one that has no row, is gone", () => {
  expect(told(row("CLOSE-WAIT"), { ...far, inode: 0 })).toBe("gone");
  expect(told(row("CLOSE-WAIT"))).toBe("gone");
});

test("in one sample an end can be missing by chance", () => {
  const peers = new WaitingPeers();
  peers.begin();
  expect(peers.peerOf(row("CLOSE-WAIT"))).toBeNull();
});

test("nothing is known of an end on another host, and of one that has not sent a FIN", () => {
  expect(told(row("CLOSE-WAIT", { remoteAddress: "192.0.2.2" }))).toBeNull();
  expect(told(row("ESTABLISHED"))).toBeNull();
});
