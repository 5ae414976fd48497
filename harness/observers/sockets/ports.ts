import { LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Side } from "../../model/state.ts";
import type { Row } from "./row.ts";

const EVER = 1;
const NOW = 2;

/** The local ports that the kernel gives to who calls connect(), both ends included: net.ipv4.ip_local_port_range. */
export interface PortRange {
  low: number;
  high: number;
}

/** Reads the two numbers of net.ipv4.ip_local_port_range. */
export function parsePortRange(text: string): PortRange {
  const [low, high] = text.trim().split(/\s+/).map(Number);
  if (low === undefined || high === undefined || !(low <= high)) {
    throw new Error(`net.ipv4.ip_local_port_range is not two numbers: ${text}`);
  }
  return { low, high };
}

/**
 * Which ports of a host are, or were, listened on since it was first looked at: by them a socket's side is told. A look
 * shows every LISTEN row before the others.
 */
export class ListeningPorts {
  readonly #ephemeral: PortRange;
  readonly #marks = new Uint8Array(65_536);
  readonly #now = new Set<number>();

  constructor(ephemeral: PortRange) {
    this.#ephemeral = ephemeral;
  }

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
   *
   * When neither port was ever seen listened on, the listener was gone before the first look, or is on another host.
   * A local port that the kernel gives to nobody was bound by a server, if the other one is of those that it gives.
   */
  sideOf(row: Row): Side {
    if (row.state === LISTEN) return "listener";
    const local = this.#marks[row.localPort]!;
    const remote = this.#marks[row.remotePort]!;
    if ((local & NOW) !== 0) return row.isSelfConnected ? "connector" : "listener";
    if ((remote & NOW) !== 0) return "connector";
    if (local !== 0) return row.isSelfConnected ? "connector" : "listener";
    if (remote !== 0) return "connector";
    return !this.#isEphemeral(row.localPort) && this.#isEphemeral(row.remotePort) ? "listener" : "connector";
  }

  #isEphemeral(port: number): boolean {
    return port >= this.#ephemeral.low && port <= this.#ephemeral.high;
  }
}
