import type { SocketRow } from "../../kernel/sockdiag/row.ts";

/** The fields of a socket that a census reads: a row of a dump, or an object with the same fields. */
export type Row = Pick<
  SocketRow,
  | "state"
  | "timer"
  | "timerMs"
  | "retransmits"
  | "localAddress"
  | "localPort"
  | "remoteAddress"
  | "remotePort"
  | "receiveQueue"
  | "sendQueue"
  | "uid"
  | "inode"
  | "isSelfConnected"
  | "tcpInfo"
  | "exchanged"
>;
