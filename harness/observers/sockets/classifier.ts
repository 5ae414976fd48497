import { LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Owner, Side } from "../../model/state.ts";
import { type Holders, Owners } from "./owners.ts";
import { ListeningPorts, type PortRange } from "./ports.ts";
import type { Row } from "./row.ts";
import type { WaitingPeers } from "./waiting-peers.ts";

/** Finds the side and the owner of a host's sockets, for one sample after another. It remembers which ports had listeners. */
export class Classifier {
  readonly #ports: ListeningPorts;
  readonly #owners = new Owners();
  readonly #peers: WaitingPeers | null;

  /** `ephemeral`: the host's range of ephemeral ports. `peers`: for whoever sees both ends of the connections on this host. */
  constructor(ephemeral: PortRange, peers: WaitingPeers | null = null) {
    this.#peers = peers;
    this.#ports = new ListeningPorts(ephemeral);
  }

  /** Begins a new sample. */
  begin(holders: Holders | null): void {
    this.#ports.begin();
    this.#owners.begin(holders);
    this.#peers?.begin();
  }

  /** Learns from a LISTEN row. All LISTEN rows of a sample come before the others. */
  learn(row: Row): void {
    if (row.state !== LISTEN) return;
    this.#ports.learn(row.localPort);
    this.#owners.learn(row);
  }

  /** Whether a process holds the other end of a socket in CLOSE-WAIT; null where that is not known. */
  peerOf(row: Row): "held" | "gone" | null {
    return this.#peers?.peerOf(row) ?? null;
  }

  sideOf(row: Row): Side {
    return this.#ports.sideOf(row);
  }

  ownerOf(row: Row, side: Side): Owner {
    return this.#owners.ownerOf(row, side);
  }

  pidsOf(inode: number): number[] {
    return this.#owners.pidsOf(inode);
  }
}
