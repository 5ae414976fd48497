import { SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import type { Row } from "./row.ts";

const [FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT] = (["FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT"] as const).map(
  (name) => SOCKET_STATES.indexOf(name),
);

/**
 * Finds out, of connections whose two ends are on this host, whether anybody waits at the end that has sent its FIN. Only the doctor knows
 * that: a host of the laboratory does not see the other one's sockets.
 *
 * A dump is no snapshot, so an end counts as gone when two consecutive samples have not shown it.
 */
export class WaitingPeers {
  #held = new Set<string>();
  #missing = new Set<string>();
  #missingBefore = new Set<string>();

  /** Begins a sample. */
  begin(): void {
    this.#missingBefore = this.#missing;
    [this.#held, this.#missing] = [new Set(), new Set()];
  }

  /** Learns from a row. All rows of a sample are learnt before the first question. */
  learn(row: Row): void {
    if ((row.state !== FIN_WAIT_1 && row.state !== FIN_WAIT_2) || row.inode === 0) return;
    this.#held.add(ends(row.localAddress, row.localPort, row.remoteAddress, row.remotePort));
  }

  /**
   * Of a socket in CLOSE-WAIT: whether a process holds the other end. Null for other states, when the other end is not on this host, and in
   * the first sample without it.
   */
  peerOf(row: Row): "held" | "gone" | null {
    if (row.state !== CLOSE_WAIT || !isOnThisHost(row)) return null;
    const key = ends(row.remoteAddress, row.remotePort, row.localAddress, row.localPort);
    if (this.#held.has(key)) return "held";
    this.#missing.add(key);
    return this.#missingBefore.has(key) ? "gone" : null;
  }
}

/** A connection to an own address has that address at both ends, except on loopback, where a program can choose one. */
function isOnThisHost({ localAddress, remoteAddress }: Row): boolean {
  const [local, remote] = [plain(localAddress), plain(remoteAddress)];
  return local === remote || (local.startsWith("127.") && remote.startsWith("127."));
}

/** An IPv4 address, also of an IPv6 socket. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

function ends(from: string, fromPort: number, to: string, toPort: number): string {
  return `${plain(from)} ${fromPort} ${plain(to)} ${toPort}`;
}
