import type { Statement } from "../claim.ts";

export const TIME_WAIT: Statement[] = [
  {
    ...{ id: "C14a", area: "time-wait", documents: [2, 3] },
    phrase: "持续2MSL，缺省为240秒",
    statement: "TIME-WAIT lasts 240 s by default",
  },
  {
    ...{ id: "C14b", area: "time-wait", documents: [3] },
    phrase: "2-4分钟 / 1-4分钟",
    statement: "TIME-WAIT lasts between 1 and 4 minutes",
  },
  {
    ...{ id: "C14c", area: "time-wait", documents: [3, 4] },
    phrase: "Linux 系统下大约等待 1 分钟 / TCP_TIMEWAIT_LEN (60*HZ)",
    statement: "on Linux TIME-WAIT lasts 60 s",
  },
  {
    ...{ id: "C15", area: "time-wait", documents: [2, 5] },
    phrase: "MSL是一个系统级参数，可调 / 把2*MSL时间减少",
    statement: "MSL/TIME-WAIT time is a system parameter you can tune",
  },
  {
    ...{ id: "C16", area: "time-wait", documents: [1] },
    phrase: "TIME_WAIT优化: tcp_fin_timeout = 30",
    statement: "lowering tcp_fin_timeout shortens TIME-WAIT",
  },
  {
    ...{ id: "C17", area: "time-wait", documents: [4] },
    phrase: "tcp_fin_timeout 控制孤儿FIN_WAIT_2，默认60秒",
    statement: "orphan FIN-WAIT-2 is dropped after tcp_fin_timeout (60 s)",
  },
  {
    ...{ id: "C18", area: "time-wait", documents: [4] },
    phrase: "用shutdown关闭的，可以一直处于FIN_WAIT_2",
    statement: "a FIN-WAIT-2 made by shutdown() has no limit",
  },
  {
    ...{ id: "C19", area: "time-wait", documents: [4] },
    phrase: "TIME_WAIT和FIN_WAIT2都是2MSL，所以都是60秒",
    statement: "FIN-WAIT-2 default equals TIME-WAIT because both are 2MSL, fixed",
  },
  {
    ...{ id: "C20", area: "time-wait", documents: [2, 3, 4] },
    phrase: "主动关闭的，才有TIME_WAIT；被动关闭一方转入CLOSED",
    statement: "only the active closer gets TIME-WAIT",
  },
  {
    ...{ id: "C21", area: "time-wait", documents: [5] },
    phrase: "TIME_WAIT 发生在client端，不可避免",
    statement: "TIME-WAIT occurs at the client and is unavoidable",
  },
  {
    ...{ id: "C22", area: "time-wait", documents: [2, 3] },
    phrase: "基于TCP的HTTP协议，关闭TCP连接的是Server端",
    statement: "in HTTP the server closes, so the server gets TIME-WAIT",
  },
  {
    ...{ id: "C23", area: "time-wait", documents: [3] },
    phrase: "一般都是client先发起close操作",
    statement: "short connections: usually the client closes first",
  },
  {
    ...{ id: "C24a", area: "time-wait", documents: [2, 3] },
    phrase: "一秒钟接收1000个请求，积压240*1000=240,000个TIME_WAIT",
    statement: "a steady rate of r closes a second piles up r x 240 TIME-WAIT sockets",
  },
  {
    ...{ id: "C24b", area: "time-wait", documents: [2, 3] },
    phrase: "积压 = 速率 x TIME_WAIT时长",
    statement: "the pile of TIME-WAIT sockets is steady at rate x the duration of TIME-WAIT",
  },
  {
    ...{ id: "C25", area: "time-wait", documents: [2, 3] },
    phrase: "HTTP 1.1 Keep-Alive 重用连接",
    statement: "keep-alive reduces TIME-WAIT",
  },
  {
    ...{ id: "C26", area: "time-wait", documents: [2, 3] },
    phrase: "用快速的查找算法管理TIME_WAIT，但维护状态总是不好",
    statement: "TIME-WAIT sockets are looked up cheaply, but keeping so many is a burden",
  },
  {
    ...{ id: "C27", area: "time-wait", documents: [4] },
    phrase: "服务端大量TIME_WAIT，系统资源被占满，处理不过来新的连接",
    statement:
      "a listening server with very many TIME-WAIT sockets runs out of resources and cannot take new connections",
  },
  {
    ...{ id: "C28a", area: "time-wait", documents: [4] },
    phrase: "客户端TIME_WAIT过多，端口65536个被占满，无法创建新的连接",
    statement:
      "too many TIME-WAIT sockets on the connecting side leave no port for a new connection to the same destination",
  },
  {
    ...{ id: "C28b", area: "time-wait", documents: [4] },
    phrase: "端口就65536个",
    statement: "the number of ports a client can use up in this way is 65,536",
  },
  {
    ...{ id: "C28c", area: "time-wait", documents: [5] },
    phrase: "TIME_WAIT到期自动转为CLOSED，不会导致系统资源耗尽",
    statement: "TIME-WAIT never exhausts a resource",
  },
  {
    ...{ id: "C29", area: "time-wait", documents: [4] },
    phrase: "tcp_max_tw_buckets 超过时不再经历TIME_WAIT直接关闭",
    statement: "above tcp_max_tw_buckets new closes skip TIME-WAIT",
  },
  {
    ...{ id: "C30", area: "time-wait", documents: [1] },
    phrase: "tcp_tw_reuse 默认为0",
    statement: "tcp_tw_reuse is off by default",
  },
  {
    ...{ id: "C31", area: "time-wait", documents: [1, 4] },
    phrase: "tcp_tw_reuse 只用于客户端 connect()，超过1秒才可复用",
    statement: "tcp_tw_reuse=1 lets connect() reuse a pair older than 1 s; useless for servers",
  },
  {
    ...{ id: "C32", area: "time-wait", documents: [4] },
    phrase: "需要打开TCP时间戳（对方也要打开）",
    statement: "tw_reuse needs timestamps on both ends",
  },
  {
    ...{ id: "C33a", area: "time-wait", documents: [1] },
    phrase: "net.ipv4.tcp_tw_recycle = 1 表示开启TIME-WAIT sockets的快速回收",
    statement: "setting tcp_tw_recycle = 1 recycles TIME-WAIT sockets quickly",
  },
  {
    ...{ id: "C33b", area: "time-wait", documents: [4] },
    phrase: "Linux 4.12 版本后，直接取消了这一参数",
    statement: "the kernel no longer has tcp_tw_recycle",
  },
  {
    ...{ id: "C34", area: "time-wait", documents: [3, 4] },
    phrase: "最后ACK丢失，重发FIN，TIME_WAIT重发ACK",
    statement: "lost last ACK: peer repeats FIN, TIME-WAIT answers",
  },
  {
    ...{ id: "C35", area: "time-wait", documents: [3] },
    phrase: "保证ACK到达...可能是通过超时计时器发送",
    statement: "TIME-WAIT resends its ACK by a timer",
  },
  {
    ...{ id: "C36", area: "time-wait", documents: [4] },
    phrase: "2MSL相当于至少允许报文丢失一次",
    statement: "TIME-WAIT lasts 2MSL because that is the time in which one lost ACK can be made good",
  },
  {
    ...{ id: "C105", area: "time-wait", documents: [4] },
    phrase: "会丢弃所有来自远端时间戳小于上次记录的时间戳的任何数据包；使用了 NAT，LVS 等情况",
    statement:
      "with tcp_tw_recycle the kernel drops packets whose timestamp is older than the last one from the same remote address, which breaks clients behind NAT",
  },
  {
    ...{ id: "C210", area: "time-wait", documents: [4] },
    phrase: "在 Linux 系统中，MSL 的值固定为 30 秒",
    statement: "on Linux MSL is fixed at 30 s, and with it TIME-WAIT at 60 s",
  },
  {
    ...{ id: "C211", area: "time-wait", documents: [3] },
    phrase: "主动关闭的一方将继续等待一定时间（2-4分钟），即使两端的应用程序结束",
    statement: "TIME-WAIT goes on even when the programs at both ends have ended",
  },
  {
    ...{ id: "C212", area: "time-wait", documents: [4] },
    phrase: "收到被动方发来的 FIN 报文后，主动方会立刻回复 ACK",
    statement: "who closed first acknowledges the other end's FIN at once, and is then in TIME-WAIT",
  },
  {
    ...{ id: "C213", area: "time-wait", documents: [4] },
    phrase: "用 shutdown 函数关闭的，可以一直处于 FIN_WAIT2 状态，因为它可能还可以发送或接收数据",
    statement: "in a FIN-WAIT-2 made by shutdown() one can still send or receive",
  },
  {
    ...{ id: "C220", area: "time-wait", documents: [4] },
    phrase: "此时就应当调大 tcp_max_tw_buckets 参数，减少不同连接间数据错乱的概率",
    statement: "a higher tcp_max_tw_buckets makes it less likely that connections get each other's data",
  },
  {
    ...{ id: "C221", area: "time-wait", documents: [1] },
    phrase: "大量出现这个状态往往说明系统的并发比较高，大量的连接建立和释放",
    statement:
      "many sockets in TIME-WAIT mean that many connections are open at once, and many are set up and released",
  },
  {
    ...{ id: "C222", area: "time-wait", documents: [4] },
    phrase: "tcp_max_tw_buckets 也不是越大越好，毕竟内存和端口都是有限的",
    statement: "a higher tcp_max_tw_buckets is not always better, for it costs memory and ports",
  },
  {
    ...{ id: "C223", area: "time-wait", documents: [4] },
    phrase: "tcp_tw_reuse 从协议角度理解是安全可控的",
    statement:
      "a port that tcp_tw_reuse takes out of TIME-WAIT is safe from what is left of its old connection",
  },
];
