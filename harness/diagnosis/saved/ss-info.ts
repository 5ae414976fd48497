import type { SavedInfo } from "./socket.ts";

/**
 * The figures that `ss -i` prints of struct tcp_info (tcp_stats_print, misc/ss.c of iproute2); null where a row has none. ss leaves out what
 * is 0, so a missing figure of a row that has others is 0. Before Linux 4.19 nobody counted bytes_sent: a row that has bytes_acked of data
 * and no bytes_sent is of such a kernel.
 */
export function infoIn(text: string): SavedInfo | null {
  if (!/\scwnd:\d/.test(text)) return null;
  const figures = new Map<string, number>();
  for (const [, name = "", value] of text.matchAll(/\s([a-z_]+):(\d+(?:\.\d+)?)/g))
    if (!figures.has(name)) figures.set(name, Number(value));
  const figure = (name: string): number => figures.get(name) ?? 0;
  const bytesAcked = figure("bytes_acked");
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
    bytesSent: figures.get("bytes_sent") ?? (bytesAcked > 2 ? null : 0),
    dataSegmentsOut: figure("data_segs_out"),
    notSentBytes: figure("notsent"),
  };
}
