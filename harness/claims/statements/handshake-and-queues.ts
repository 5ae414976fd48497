import type { Statement } from "../claim.ts";

export const HANDSHAKE_AND_QUEUES: Statement[] = [
  {
    ...{ id: "C76", area: "handshake-and-queues", documents: [4] },
    phrase: "tcp_syn_retries 默认5，1+2+4+8+16+32=63秒",
    statement: "SYN is retried 5 times by default, at 1, 2, 4, 8, 16 s, and the connect fails after 63 s",
  },
  {
    ...{ id: "C77", area: "handshake-and-queues", documents: [4] },
    phrase: "tcp_synack_retries 默认5，共63秒",
    statement: "SYN-ACK retried at 1,2,4,8,16 s, 63 s in all",
  },
  {
    ...{ id: "C78", area: "handshake-and-queues", documents: [2] },
    phrase: "半连接队列 max(64, tcp_max_syn_backlog)",
    statement: "SYN queue size = max(64, tcp_max_syn_backlog)",
  },
  {
    ...{ id: "C79", area: "handshake-and-queues", documents: [4] },
    phrase: "只单纯增大tcp_max_syn_backlog无效",
    statement: "raising only tcp_max_syn_backlog does nothing; backlog and somaxconn too",
  },
  {
    ...{ id: "C80", area: "handshake-and-queues", documents: [4] },
    phrase: "要重启Nginx，队列在listen()初始化",
    statement:
      "after a change of the backlog or somaxconn nginx must be restarted, because the queues are made in listen()",
  },
  {
    ...{ id: "C81a", area: "handshake-and-queues", documents: [4] },
    phrase: "半连接队列溢出后，服务端就无法再建立新的连接 (syncookies关闭)",
    statement: "with tcp_syncookies = 0 a full SYN queue keeps a well-behaved client out",
  },
  {
    ...{ id: "C81b", area: "handshake-and-queues", documents: [1, 4] },
    phrase: "tcp_syncookies 1: 仅当SYN半连接队列放不下时启用 / 2: 无条件开启",
    statement: "tcp_syncookies 0/1/2 mean off / only when the SYN queue is full / always",
  },
  {
    ...{ id: "C81c", area: "handshake-and-queues", documents: [1] },
    phrase: "tcp_syncookies 默认为0，表示关闭",
    statement: "tcp_syncookies is 0 by default",
  },
  {
    ...{ id: "C82", area: "handshake-and-queues", documents: [4] },
    phrase: "netstat -s 半连接队列已满丢弃次数",
    statement: "netstat -s shows how many connections the full SYN queue has dropped",
  },
  {
    ...{ id: "C83", area: "handshake-and-queues", documents: [2, 4] },
    phrase: "全连接队列 min(backlog, somaxconn)",
    statement: "accept queue = min(backlog, somaxconn)",
  },
  {
    ...{ id: "C84", area: "handshake-and-queues", documents: [2] },
    phrase: "全连接队列: accept后加入",
    statement: "a connection joins the accept queue after accept()",
  },
  {
    ...{ id: "C85a", area: "handshake-and-queues", documents: [4] },
    phrase: "somaxconn 默认值是 128",
    statement: "net.core.somaxconn is 128 by default",
  },
  {
    ...{ id: "C85b", area: "handshake-and-queues", documents: [4] },
    phrase: "Tomcat、Nginx、Apache 常见的 Web 服务的 backlog 默认值都是 511",
    statement: "common servers listen with a backlog of 511 by default",
  },
  {
    ...{ id: "C86", area: "handshake-and-queues", documents: [4] },
    phrase: "Recv-Q：当前 accept 队列的大小；Send-Q：accept 队列最大长度",
    statement: "Recv-Q = queued, Send-Q = maximum in ss -ltn for a listener",
  },
  {
    ...{ id: "C87", area: "handshake-and-queues", documents: [2, 4] },
    phrase: "accept队列满: 0 扔掉ack / 1 发送RST，connection reset",
    statement:
      'a full accept queue: tcp_abort_on_overflow 0 drops the client\'s ACK, 1 answers RST and the client sees "connection reset by peer"',
  },
  {
    ...{ id: "C88", area: "handshake-and-queues", documents: [4] },
    phrase: "客户端ESTABLISHED，重发的请求含ACK，队列有空位时建立",
    statement: "client is ESTABLISHED, its repeated request later completes the handshake",
  },
  {
    ...{ id: "C89", area: "handshake-and-queues", documents: [2] },
    phrase: "drop >= overflowed",
    statement: "ListenDrops >= ListenOverflows",
  },
  {
    ...{ id: "C90", area: "handshake-and-queues", documents: [2] },
    phrase: "溢出: 压力上不去，client rt高，server服务时间短",
    statement: "overflow: server time short, client latency long",
  },
  {
    ...{ id: "C106", area: "handshake-and-queues", documents: [2, 4] },
    phrase: "netstat -s：41150 times 表示 accept 队列溢出的次数，是累计值",
    statement: "netstat -s counts, cumulatively, the overflows of the accept queue",
  },
  {
    ...{ id: "C260", area: "handshake-and-queues", documents: [4] },
    phrase: "开启 syncookies 功能就可以在不使用 SYN 半连接队列的情况下成功建立连接",
    statement: "with SYN cookies a connection is made without a place in the SYN queue",
  },
  {
    ...{ id: "C261", area: "handshake-and-queues", documents: [4] },
    phrase:
      "tcp_abort_on_overflow 设置为 1，客户端看到很多 connection reset by peer，就可以证明是全连接队列溢出",
    statement:
      "with tcp_abort_on_overflow = 1, many ECONNRESET at the clients prove that the accept queue overflows",
  },
  {
    ...{ id: "C262", area: "handshake-and-queues", documents: [4] },
    phrase: "tcp_abort_on_overflow 设为 0 可以提高连接建立的成功率",
    statement: "with tcp_abort_on_overflow = 0 more connections come about than with 1",
  },
  {
    ...{ id: "C263", area: "handshake-and-queues", documents: [4] },
    phrase: "服务器收到 ACK 后，内核创建新的完全的连接并添加到 accept 队列，等待进程调用 accept 函数时取出",
    statement: "the third segment puts a connection into the accept queue, and accept() takes it out",
  },
  {
    ...{ id: "C264", area: "handshake-and-queues", documents: [4] },
    phrase: "内网中通讯时，就可以适当调低重试次数，尽快把错误暴露给应用程序",
    statement: "a lower tcp_syn_retries tells the program sooner that a connection cannot be made",
  },
];
