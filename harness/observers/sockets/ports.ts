import { LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Side } from "../../model/state.ts";
import type { Row } from "./row.ts";

const EVER = 1;
const NOW = 2;

/**
 * Which ports of a host are, or were, listened on since it was first looked at: by them a socket's side is told. A look
 * shows every LISTEN row before the others.
 */
export class ListeningPorts {
  readonly #marks = new Uint8Array(65_536);
  readonly #now = new Set<number>();

  /** A look begins: who listens now is learnt anew, who ever did is kept. */
  begin(): void {
    for (const port of this.#now) this.#marks[port] = EVER;
    this.#now.clear();
  }

  /** The port of a LISTEN row. */
  learn(port: number): void {
    this.#marks[port] = EVER | NOW;
    this.#now.add(port);
  }

  /**
   * A socket is the listening end when its own port is listened on, the connecting end when the other one is, and
   * otherwise the listening end if its own port once was: a server that stopped left its TIME-WAIT there. Both ports
   * can be listened on at once only if somebody bound a client to one of them. A socket that connected to itself has
   * one end, which called connect().
   */
  sideOf(row: Row): Side {
    if (row.state === LISTEN) return "listener";
    const local = this.#marks[row.localPort]!;
    if (local === 0 || row.isSelfConnected) return "connector";
    if ((local & NOW) !== 0) return "listener";
    return (this.#marks[row.remotePort]! & NOW) === 0 ? "listener" : "connector";
  }
}
