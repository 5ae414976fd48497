import { statementsOf } from "./table.ts";

export const KEEP_ALIVE_PROBES = statementsOf(
  "keep-alive-probes",
  `
C94 3 两小时；75秒；10个探测
  keepalive probes begin after 7200 s of idle time; 10 probes are sent, 75 s apart
C95 3 四种状态
  keepalive probes meet a peer in one of four cases: it is alive, crashed, restarted or unreachable
C96 3 遇到恶意的连接保活不够使
  keepalive does not end an idle connection whose peer is alive
C97 3 网线断开linux仍认为连接有效；SO_KEEPALIVE可解决
  when the cable is unplugged, Linux keeps the connection; SO_KEEPALIVE solves this
`,
);
