import { LISTEN, stateName } from "../../kernel/sockdiag/state.ts";
import type { Peer } from "../../model/census.ts";
import type { Side, StateCounts } from "../../model/state.ts";
import type { Row } from "../sockets/row.ts";

interface Counted {
  side: Side;
  address: string;
  port: number;
  states: StateCounts;
  localPorts: Set<number>;
  sockets: number;
}

/** Counts connections by their remote address and the service's port, for one sample after another. */
export class PeerTally {
  readonly #byKey = new Map<string, Counted>();

  begin(): void {
    this.#byKey.clear();
  }

  /** Counts a socket. One that listens has no peer. */
  add(row: Pick<Row, "state" | "localPort" | "remotePort" | "remoteAddress">, side: Side): void {
    if (row.state === LISTEN) return;
    const { remoteAddress: address } = row;
    const port = side === "listener" ? row.localPort : row.remotePort;
    const key = `${side} ${port} ${address}`;
    let one = this.#byKey.get(key);
    if (one === undefined) {
      one = { side, address, port, states: {}, localPorts: new Set(), sockets: 0 };
      this.#byKey.set(key, one);
    }
    const state = stateName(row.state);
    one.states[state] = (one.states[state] ?? 0) + 1;
    one.sockets += 1;
    one.localPorts.add(row.localPort);
  }

  /** The peers, those with the most sockets first. */
  peers(): Peer[] {
    return [...this.#byKey.values()]
      .map(({ localPorts, ...one }) => ({ ...one, localPorts: localPorts.size }))
      .toSorted((a, b) => b.sockets - a.sockets || a.port - b.port || a.address.localeCompare(b.address));
  }
}
