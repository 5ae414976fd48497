import type { Statement } from "../claim.ts";

export const KEEP_ALIVE_PROBES: Statement[] = [
  {
    id: "C94",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "两小时；75秒；10个探测",
    statement: "keepalive probes begin after 7200 s of idle time; 10 probes are sent, 75 s apart",
  },
  {
    id: "C95",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "四种状态",
    statement:
      "keepalive probes meet a peer in one of four cases: it is alive, crashed, restarted or unreachable",
  },
  {
    id: "C96",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "遇到恶意的连接保活不够使",
    statement: "keepalive does not end an idle connection whose peer is alive",
  },
  {
    id: "C97",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "网线断开linux仍认为连接有效；SO_KEEPALIVE可解决",
    statement: "when the cable is unplugged, Linux keeps the connection; SO_KEEPALIVE solves this",
  },
];
