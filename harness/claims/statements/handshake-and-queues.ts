import { statementsOf } from "./table.ts";

export const HANDSHAKE_AND_QUEUES = statementsOf(
  "handshake-and-queues",
  `
C76 4 tcp_syn_retries 默认5，1+2+4+8+16+32=63秒
  a SYN is retried 5 times by default, at 1, 2, 4, 8, 16 s, and connect() fails after 63 s
C77 4 tcp_synack_retries 默认5，共63秒
  a SYN-ACK is retried at 1, 2, 4, 8, 16 s, and given up after 63 s in all
C78 2 半连接队列 max(64, tcp_max_syn_backlog)
  the size of the SYN queue is max(64, tcp_max_syn_backlog)
C79 4 只单纯增大tcp_max_syn_backlog无效
  raising only tcp_max_syn_backlog has no effect; backlog and somaxconn must be raised too
C80 4 要重启Nginx，队列在listen()初始化
  after a change of the backlog or somaxconn nginx must be restarted, because listen() makes the queues
C81a 4 半连接队列溢出后，服务端就无法再建立新的连接 (syncookies关闭)
  with tcp_syncookies = 0 a full SYN queue keeps a well-behaved client out
C81b 1,4 tcp_syncookies 1: 仅当SYN半连接队列放不下时启用 / 2: 无条件开启
  tcp_syncookies 0/1/2 mean off / only when the SYN queue is full / always
C81c 1 tcp_syncookies 默认为0，表示关闭
  tcp_syncookies is 0 by default
C82 4 netstat -s 半连接队列已满丢弃次数
  netstat -s shows how many connections the full SYN queue has dropped
C83 2,4 全连接队列 min(backlog, somaxconn)
  the length of the accept queue is min(backlog, somaxconn)
C84 2 全连接队列: accept后加入
  a connection joins the accept queue after accept()
C85a 4 somaxconn 默认值是 128
  net.core.somaxconn is 128 by default
C85b 4 Tomcat、Nginx、Apache 常见的 Web 服务的 backlog 默认值都是 511
  common servers listen with a backlog of 511 by default
C86 4 Recv-Q：当前 accept 队列的大小；Send-Q：accept 队列最大长度
  for a listener, ss -ltn shows the queued connections as Recv-Q and the maximum as Send-Q
C87 2,4 accept队列满: 0 扔掉ack / 1 发送RST，connection reset
  when the accept queue is full, tcp_abort_on_overflow 0 drops the client's ACK; 1 answers with RST, and the client gets "connection reset by peer"
C88 4 客户端ESTABLISHED，重发的请求含ACK，队列有空位时建立
  the client is ESTABLISHED, and its repeated request completes the handshake later
C89 2 drop >= overflowed
  ListenDrops is never smaller than ListenOverflows
C90 2 溢出: 压力上不去，client rt高，server服务时间短
  when the accept queue overflows, the server measures a short time and the client a long latency
C106 2,4 netstat -s：41150 times 表示 accept 队列溢出的次数，是累计值
  netstat -s shows a cumulative count of the overflows of the accept queue
C260 4 开启 syncookies 功能就可以在不使用 SYN 半连接队列的情况下成功建立连接
  with SYN cookies a connection is made without a place in the SYN queue
C261 4 tcp_abort_on_overflow 设置为 1，客户端看到很多 connection reset by peer，就可以证明是全连接队列溢出
  with tcp_abort_on_overflow = 1, many ECONNRESET at the clients prove that the accept queue overflows
C262 4 tcp_abort_on_overflow 设为 0 可以提高连接建立的成功率
  with tcp_abort_on_overflow = 0 more connections succeed than with 1
C263 4 服务器收到 ACK 后，内核创建新的完全的连接并添加到 accept 队列，等待进程调用 accept 函数时取出
  the third segment puts a connection into the accept queue, and accept() takes it out
C264 4 内网中通讯时，就可以适当调低重试次数，尽快把错误暴露给应用程序
  with a lower tcp_syn_retries the program learns sooner that a connection cannot be made
`,
);
