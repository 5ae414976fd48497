import type { Statement } from "../claim.ts";

export const KEEP_ALIVE_PROBES: Statement[] = [
  {
    id: "C94",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "两小时；75秒；10个探测",
    statement: "keepalive: 7200 s idle, 10 probes, 75 s",
  },
  {
    id: "C95",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "四种状态",
    statement: "the four keepalive peer cases",
  },
  {
    id: "C96",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "遇到恶意的连接保活不够使",
    statement: "keepalive does not remove an idle living peer",
  },
  {
    id: "C97",
    area: "keep-alive-probes",
    documents: [3],
    phrase: "网线断开linux仍认为连接有效；SO_KEEPALIVE可解决",
    statement: "cable pulled: Linux keeps the connection; SO_KEEPALIVE solves",
  },
];
