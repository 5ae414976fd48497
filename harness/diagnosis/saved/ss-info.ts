import type { SavedInfo } from "./socket.ts";

/**
 * The figures that `ss -i` prints of struct tcp_info (tcp_stats_print, misc/ss.c of iproute2); null where a row has none. ss leaves out what
 * is 0, so a missing figure of a row that has others is 0. Before Linux 4.19 nobody counted bytes_sent: a row that has bytes_acked of data
 * and no bytes_sent is of such a kernel.
 */
export function infoIn(text: string): SavedInfo | null {
  if (!/\scwnd:\d/.test(text)) return null;
  const figure = (name: string): number =>
    Number(new RegExp(`\\s${name}:(\\d+(?:\\.\\d+)?)`).exec(text)?.[1] ?? 0);
  const bytesAcked = figure("bytes_acked");
  const sent = /\sbytes_sent:(\d+)/.exec(text)?.[1];
  return {
    rttUs: Math.round(figure("rtt") * 1000),
    rtoUs: Math.round(figure("rto") * 1000),
    sendMssBytes: figure("mss"),
    congestionWindow: figure("cwnd"),
    unacked: figure("unacked"),
    sacked: figure("sacked"),
    lastDataSentMs: figure("lastsnd"),
    lastDataReceivedMs: figure("lastrcv"),
    lastAckReceivedMs: figure("lastack"),
    totalRetransmits: Number(/\sretrans:\d+\/(\d+)/.exec(text)?.[1] ?? 0),
    bytesAcked,
    bytesReceived: figure("bytes_received"),
    // A SYN and a FIN count among bytes_acked.
    bytesSent: sent === undefined ? (bytesAcked > 2 ? null : 0) : Number(sent),
    dataSegmentsOut: figure("data_segs_out"),
    notSentBytes: figure("notsent"),
  };
}
