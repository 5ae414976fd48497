import { LITTLE_ENDIAN } from "./byte-order.ts";

/**
 * struct tcp_info, include/uapi/linux/tcp.h: the offset and the size in bytes of each field. New kernels only add fields at its
 * end: bytesAcked came with Linux 4.1, segmentsOut with 4.2, minRtt with 4.6, bytesSent with 4.19, sendWindow with 5.4,
 * receiveWindow with 6.2. Bit fields are left out.
 */
const FIELDS = {
  /** The kernel's number; SOCKET_STATES names it. */
  state: [0, 1],
  /** Retransmission timeouts in a row without progress. */
  retransmits: [2, 1],
  /** Unanswered zero-window or keep-alive probes. */
  probes: [3, 1],
  backoff: [4, 1],
  rtoUs: [8, 4],
  sendMssBytes: [16, 4],
  receiveMssBytes: [20, 4],
  /** Segments; at LISTEN, the connections that wait for accept(). */
  unacked: [24, 4],
  /** Segments; at LISTEN, the backlog. */
  sacked: [28, 4],
  lost: [32, 4],
  /** Segments sent again and not yet acknowledged. */
  retransmitted: [36, 4],
  lastDataSentMs: [44, 4],
  lastDataReceivedMs: [52, 4],
  lastAckReceivedMs: [56, 4],
  pathMtuBytes: [60, 4],
  rttUs: [68, 4],
  rttVarUs: [72, 4],
  slowStartThreshold: [76, 4],
  /** Segments. */
  congestionWindow: [80, 4],
  reordering: [88, 4],
  totalRetransmits: [100, 4],
  bytesAcked: [120, 8],
  bytesReceived: [128, 8],
  segmentsOut: [136, 4],
  segmentsIn: [140, 4],
  notSentBytes: [144, 4],
  minRttUs: [148, 4],
  dataSegmentsIn: [152, 4],
  dataSegmentsOut: [156, 4],
  bytesSent: [200, 8],
  bytesRetransmitted: [208, 8],
  sendWindowBytes: [228, 4],
  receiveWindowBytes: [232, 4],
} as const;

/** The offsets of three counts, for a census that reads them in place. */
export const [BYTES_ACKED_AT] = FIELDS.bytesAcked;
export const [BYTES_RECEIVED_AT] = FIELDS.bytesReceived;
export const [BYTES_SENT_AT] = FIELDS.bytesSent;

/** The kernel's figures of one connection. A field that this kernel's struct does not have is null. */
export type TcpInfo = Record<keyof typeof FIELDS, number | null>;

/**
 * Reads a struct tcp_info of any length. With a shorter one, the later fields are null; the extra fields of a longer one are not
 * read. Eight-byte counts are exact up to 2^53.
 */
export function parseTcpInfo(bytes: Uint8Array): TcpInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = Object.entries(FIELDS).map(([name, [at, size]]) => [name, read(view, at, size)]);
  return Object.fromEntries(entries) as TcpInfo;
}

function read(view: DataView, at: number, size: 1 | 4 | 8): number | null {
  if (at + size > view.byteLength) return null;
  if (size === 1) return view.getUint8(at);
  if (size === 4) return view.getUint32(at, LITTLE_ENDIAN);
  return Number(view.getBigUint64(at, LITTLE_ENDIAN));
}
