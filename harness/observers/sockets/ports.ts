import { LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Side } from "../../model/state.ts";
import type { Row } from "./row.ts";

const EVER = 1;
const NOW = 2;

/** The local ports that the kernel gives to connect(), with both ends of the range: net.ipv4.ip_local_port_range. */
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
 * Which ports of a host have a listener, or had one since the first sample. A socket's side follows from them. A sample has every
 * LISTEN row before the others.
 */
export class ListeningPorts {
  readonly #ephemeral: PortRange;
  readonly #marks = new Uint8Array(65_536);
  readonly #now = new Set<number>();

  constructor(ephemeral: PortRange) {
    this.#ephemeral = ephemeral;
  }

  /** Begins a sample. The ports with a listener now are learnt anew; those that ever had one are kept. */
  begin(): void {
    for (const port of this.#now) this.#marks[port] = EVER;
    this.#now.clear();
  }

  /** Learns the port of a LISTEN row. */
  learn(port: number): void {
    this.#marks[port] = EVER | NOW;
    this.#now.add(port);
  }

  /**
   * The side of a socket. It is the listening end when its own port has a listener, and the connecting end when the remote port
   * has one. Otherwise it is the listening end if its own port had a listener before: a server that stopped left a TIME-WAIT
   * there. Both ports can have a listener only if a client was bound to one of them. A socket that is connected to itself has one
   * end, and that end called connect().
   *
   * When neither port ever had a listener, the listener closed before the first sample, or is on another host. If the local port is
   * outside the range that the kernel gives to connect(), and the remote port is inside, a server had bound the local port.
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
