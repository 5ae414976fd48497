import type { SocketRow } from "../../kernel/sockdiag/row.ts";

/** What a census reads of a socket: a row of a dump, or anything that looks like one. */
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
>;
