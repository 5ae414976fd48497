/** The part of struct tcp_info that is recorded. */
export interface TcpInfoExcerpt {
  rttUs: number;
  rtoUs: number;
  sendMssBytes: number;
  congestionWindow: number;
  /** Segments that were sent and not acknowledged in sequence. */
  unacked: number;
  /** How many of these the peer has received out of sequence, as its SACK says. Absent in older recordings. */
  sacked?: number;
  lastDataSentMs: number;
  lastDataReceivedMs: number;
  /** How long ago the peer's last segment with an ACK came. Absent in older recordings. */
  lastAckReceivedMs?: number;
  totalRetransmits: number;
  bytesAcked: number;
  bytesReceived: number;
  /** Bytes of data that were sent, with retransmissions. Absent before Linux 4.19, and in older recordings. */
  bytesSent?: number;
  /** Segments with data that were sent, with retransmissions. Absent before Linux 4.6, and in older recordings. */
  dataSegmentsSent?: number;
  /** Bytes that the program has written and the kernel has not sent yet. Absent before Linux 4.6, and in older recordings. */
  notSentBytes?: number;
}
