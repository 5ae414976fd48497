import { LISTEN, SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import { parseTcpInfo, type TcpInfo } from "../../kernel/tcpinfo.ts";
import type { Column } from "../../measure/unread.ts";
import type { Exchanged } from "../../model/state.ts";
import type { Row } from "../../observers/sockets/row.ts";
import type { SavedSocket } from "./socket.ts";

const stateNumber = (name: (typeof SOCKET_STATES)[number]): number => SOCKET_STATES.indexOf(name);
const TIME_WAIT = stateNumber("TIME-WAIT");
/** States whose rows no descriptor refers to. */
const UNHELD = new Set([TIME_WAIT, stateNumber("SYN-RECEIVED")]);
/** States in which the other end's FIN has arrived, and counts as a byte that was received. */
const FIN_ARRIVED = new Set((["CLOSE-WAIT", "LAST-ACK", "CLOSING"] as const).map(stateNumber));
const NO_INFO: TcpInfo = parseTcpInfo(new Uint8Array());
/** The timer of every TIME-WAIT: IDIAG_TIMER of timewait, in SOCKET_TIMERS. */
const TIMEWAIT_TIMER = 3;

/** Gives a number to each socket of a text without inodes: the same one in every look that shows it with the same ends and holders. */
export class Inodes {
  readonly #numbers = new Map<string, number>();
  #seen = new Map<string, number>();

  /** Begins another look. */
  begin(): void {
    this.#seen = new Map();
  }

  /** 0 where nobody can hold the socket. */
  of({ inode, state, local, remote, holders }: SavedSocket): number {
    if (inode !== null) return inode;
    if (UNHELD.has(state)) return 0;
    const held = holders.map(({ pid, descriptor }) => `${pid}/${descriptor}`).join();
    const ends = `${local.address} ${local.port} ${remote.address} ${remote.port} ${held}`;
    // Two listeners can have the same ends.
    const nth = this.#seen.get(ends) ?? 0;
    this.#seen.set(ends, nth + 1);
    const key = `${ends} ${nth}`;
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** A socket of a text as a row of a dump. Columns that the text lacks have any value: nothing may read them. */
export function rowOf(socket: SavedSocket, inode: number, lacks: ReadonlySet<Column>): Row {
  const { state, local, remote, info } = socket;
  const timer = lacks.has("timer") && state === TIME_WAIT ? TIMEWAIT_TIMER : socket.timer;
  return {
    state,
    timer,
    timerMs: socket.timerMs,
    retransmits: socket.retransmits,
    localAddress: local.address,
    localPort: local.port,
    remoteAddress: remote.address,
    remotePort: remote.port,
    receiveQueue: socket.receiveQueue,
    sendQueue: socket.sendQueue,
    uid: socket.uid,
    inode,
    isSelfConnected: state !== LISTEN && local.port === remote.port && local.address === remote.address,
    tcpInfo: () => (info === null ? null : { ...NO_INFO, ...info }),
    exchanged: () => exchanged(socket),
  };
}

/** As SocketRow.exchanged(): a SYN and a FIN count among bytes_acked, and a FIN among bytes_received. */
function exchanged({ info, state }: SavedSocket): Exchanged | null {
  if (info === null) return null;
  const sent = info.bytesSent === null ? info.bytesAcked > 2 : info.bytesSent > 0;
  const received = info.bytesReceived > (FIN_ARRIVED.has(state) ? 1 : 0);
  if (sent) return received ? "both" : "sent";
  return received ? "received" : "nothing";
}
