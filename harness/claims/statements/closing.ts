import type { Statement } from "../claim.ts";

export const CLOSING: Statement[] = [
  {
    ...{ id: "C47", area: "closing", documents: [3] },
    phrase: "close时发送缓冲中还有数据，TCP会继续发送",
    statement: "close() still delivers buffered data",
  },
  {
    ...{ id: "C48", area: "closing", documents: [3] },
    phrase: "发送FIN只是不能发送，还可以接收",
    statement: "after FIN one can still receive",
  },
  {
    ...{ id: "C49a", area: "closing", documents: [3] },
    phrase: "CTRL+C终止程序，TCP连接依然会正常关闭",
    statement: "a program ended by Ctrl+C has its connections closed normally (FIN)",
  },
  {
    ...{ id: "C49b", area: "closing", documents: [4] },
    phrase: "进程异常退出，内核就会发送 RST 报文来关闭",
    statement: "a process that dies abnormally has its connections reset (RST)",
  },
  {
    ...{ id: "C50", area: "closing", documents: [2, 3, 4] },
    phrase: "SO_LINGER{1,0}: 立即RST，数据丢失，不进入TIME_WAIT",
    statement: "linger{1,0}: immediate RST, unsent data lost, no TIME-WAIT, remote recv fails",
  },
  {
    ...{ id: "C51", area: "closing", documents: [2] },
    phrase: "soLinger非0，等待指定长度的时间再关闭",
    statement: "linger{1,n}: waits n seconds, then closes",
  },
  {
    ...{ id: "C52", area: "closing", documents: [3] },
    phrase: "SO_LINGER{1,0}等同于设置SO_DONTLINGER (缺省linger {0,0})",
    statement: "linger{1,0} equals SO_DONTLINGER",
  },
  {
    ...{ id: "C53", area: "closing", documents: [4] },
    phrase: "close后是孤儿连接 netstat -p 进程名为空",
    statement: "after close() the connection is an orphan without process",
  },
  {
    ...{ id: "C54", area: "closing", documents: [4] },
    phrase: "SHUT_RD: 缓冲数据被丢弃，后续数据ACK后悄悄丢弃",
    statement: "SHUT_RD discards buffered data and silently drops later data after ACKing",
  },
  {
    ...{ id: "C55", area: "closing", documents: [4] },
    phrase: "SHUT_WR: 剩余数据立即发送并发FIN / SHUT_RDWR相当于两者",
    statement: "SHUT_WR flushes + FIN; SHUT_RDWR = both",
  },
  {
    ...{ id: "C56", area: "closing", documents: [4] },
    phrase: "tcp_orphan_retries 对所有FIN_WAIT1有效",
    statement: "tcp_orphan_retries rules every FIN-WAIT-1",
  },
  {
    ...{ id: "C57", area: "closing", documents: [4] },
    phrase: "0特指8次",
    statement: "orphan_retries 0 means 8",
  },
  {
    ...{ id: "C58", area: "closing", documents: [4] },
    phrase: "零窗口使FIN无法发送，一直处于FIN_WAIT1",
    statement: "a zero window keeps FIN unsent and FIN-WAIT-1 for ever",
  },
  {
    ...{ id: "C59", area: "closing", documents: [4] },
    phrase: "孤儿数超过tcp_max_orphans，直接RST",
    statement: "above tcp_max_orphans new orphans get RST",
  },
  {
    ...{ id: "C60", area: "closing", documents: [4] },
    phrase: "LAST_ACK重发FIN次数由tcp_orphan_retries控制",
    statement: "LAST-ACK FIN retransmission is ruled by tcp_orphan_retries",
  },
  {
    ...{ id: "C61", area: "closing", documents: [3] },
    phrase: "没有TIME_WAIT将响应RST，服务器认为是错误",
    statement: "without TIME-WAIT the repeated FIN is answered by RST, which the server takes for an error",
  },
  {
    ...{ id: "C62", area: "closing", documents: [4] },
    phrase: "没有TIME_WAIT服务端会一直处在LAST_ACK；新SYN→服务端发送RST",
    statement: "server stays in LAST-ACK for ever; a new SYN is answered by RST",
  },
  {
    ...{ id: "C240", area: "closing", documents: [2] },
    phrase: "默认情况下，SO_DONTLINGER是1；linger为{l_onoff:0,l_linger:0}",
    statement: "by default a socket does not linger: linger is {0, 0}",
  },
  {
    ...{ id: "C241", area: "closing", documents: [2] },
    phrase: "设置SO_LINGER为零，便不用担心closesocket进入“锁定”状态(等待完成)，不论是否有排队数据",
    statement: "close() with queued data may block, and linger {1, 0} is what prevents it",
  },
  {
    ...{ id: "C242", area: "closing", documents: [4] },
    phrase: "shutdown 参数须传入 SHUT_WR 或者 SHUT_RDWR 才会发送 FIN",
    statement: "shutdown() sends a FIN only with SHUT_WR or SHUT_RDWR",
  },
  {
    ...{ id: "C243", area: "closing", documents: [4] },
    phrase: "安全关闭连接的方式…由进程调用 close 或 shutdown 函数发起 FIN 报文",
    statement: "close() ends a connection safely, with a FIN",
  },
  {
    ...{ id: "C244", area: "closing", documents: [4] },
    phrase: "tcp_orphan_retries …默认值是 0",
    statement: "tcp_orphan_retries is 0 by default",
  },
];
