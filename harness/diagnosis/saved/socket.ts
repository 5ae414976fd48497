import type { Column } from "../../measure/unread.ts";
import type { End } from "./end.ts";

/** One TCP socket of a text. What its line does not show, and the text cannot mean by that, is in `Dump.lacks`. */
export interface SavedSocket {
  /** The line of the text, from 1, and its words. */
  line: number;
  text: string;
  /** The kernel's number of the state, and of the timer (SOCKET_STATES, SOCKET_TIMERS). */
  state: number;
  timer: number;
  timerMs: number;
  retransmits: number;
  local: End;
  remote: End;
  receiveQueue: number;
  sendQueue: number;
  uid: number;
  /** null where the text has none. */
  inode: number | null;
  holders: { pid: number; name: string; descriptor: number | null }[];
  info: SavedInfo | null;
}

/** The figures of struct tcp_info that a line shows. */
export interface SavedInfo {
  rttUs: number;
  rtoUs: number;
  sendMssBytes: number;
  congestionWindow: number;
  unacked: number;
  sacked: number;
  lastDataSentMs: number;
  lastDataReceivedMs: number;
  lastAckReceivedMs: number;
  totalRetransmits: number;
  bytesAcked: number;
  bytesReceived: number;
  /** null where the kernel did not count them. */
  bytesSent: number | null;
  dataSegmentsOut: number | null;
  notSentBytes: number;
}

/** The sockets of one text of ss or netstat. */
export interface Dump {
  sockets: SavedSocket[];
  /** The columns that the text does not have. */
  lacks: ReadonlySet<Column>;
  /** Whether the listening sockets are in it, and the others. */
  shows: { listeners: boolean; connections: boolean };
  /** Whether only one of several holders of a socket is shown: netstat. */
  oneHolder: boolean;
  unreadable: Unreadable[];
}

/** A line that could not be read, and why. */
export interface Unreadable {
  line: number;
  text: string;
  because: string;
}
