import type { SocketAddress } from "../../harness/kernel/address.ts";
import type { Epoll } from "../../harness/kernel/epoll.ts";
import type { Close } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { Deadlines } from "../load/deadlines.ts";
import type { Connection } from "./connection.ts";
import type { Protocol } from "./protocol.ts";
import type { Views } from "./views.ts";

/** The parts that all connections of a run share. */
export interface Surroundings {
  address: SocketAddress;
  protocol: Protocol;
  close: Close;
  /** Whether a connection carries several attempts, one after another, or only one. */
  keepOpen: boolean;
  /** The number of responses after which a connection is closed; Infinity: no limit. */
  responsesMost: number;
  /** Whether local ports are reported. If so, each connection needs one system call more. */
  portsWanted: boolean;
  /** Whether a connection stays open for a while after its last response. */
  hold: boolean;
  epoll: Epoll;
  /** Whether handshakes are over when connect() returns; false as soon as one was not. */
  near: boolean;
  /** Received bytes go here. They are parsed at once, so one buffer is enough for all connections. */
  buffer: Views;
  timeouts: Deadlines<Connection>;
  holds: Deadlines<Connection>;
  /** An attempt is over. `connection.attempt` is its number, and the times of `connection` are its times. */
  onAttempt: (connection: Connection, outcome: "ok" | AttemptFailure) => void;
  /** The connection has no attempt and waits for the next. */
  onIdle: (connection: Connection) => void;
  /** The descriptor is closed. `failure` is the reason, if the connection did not end as planned. */
  onClosed: (connection: Connection, failure: AttemptFailure | null) => void;
}
