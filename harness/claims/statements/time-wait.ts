import { statementsOf } from "./table.ts";

export const TIME_WAIT = statementsOf(
  "time-wait",
  `
C14a 2,3 持续2MSL，缺省为240秒
  TIME-WAIT lasts 240 s by default
C14b 3 2-4分钟 / 1-4分钟
  TIME-WAIT lasts between 1 and 4 minutes
C14c 3,4 Linux 系统下大约等待 1 分钟 / TCP_TIMEWAIT_LEN (60*HZ)
  on Linux TIME-WAIT lasts 60 s
C15 2,5 MSL是一个系统级参数，可调 / 把2*MSL时间减少
  the MSL, and with it the length of TIME-WAIT, is a system parameter that can be tuned
C16 1 TIME_WAIT优化: tcp_fin_timeout = 30
  lowering tcp_fin_timeout shortens TIME-WAIT
C17 4 tcp_fin_timeout 控制孤儿FIN_WAIT_2，默认60秒
  an orphaned FIN-WAIT-2 is dropped after tcp_fin_timeout (60 s)
C18 4 用shutdown关闭的，可以一直处于FIN_WAIT_2
  a FIN-WAIT-2 made by shutdown() has no limit
C19 4 TIME_WAIT和FIN_WAIT2都是2MSL，所以都是60秒
  by default FIN-WAIT-2 lasts as long as TIME-WAIT, because both are 2 MSL, which is fixed
C20 2,3,4 主动关闭的，才有TIME_WAIT；被动关闭一方转入CLOSED
  only the active closer gets TIME-WAIT
C21 5 TIME_WAIT 发生在client端，不可避免
  TIME-WAIT occurs at the client and cannot be avoided
C22 2,3 基于TCP的HTTP协议，关闭TCP连接的是Server端
  in HTTP the server closes, so the server gets TIME-WAIT
C23 3 一般都是client先发起close操作
  with short connections the client usually closes first
C24a 2,3 一秒钟接收1000个请求，积压240*1000=240,000个TIME_WAIT
  a steady rate of r closes a second leads to r x 240 TIME-WAIT sockets
C24b 2,3 积压 = 速率 x TIME_WAIT时长
  the number of TIME-WAIT sockets is steady at rate x duration of TIME-WAIT
C25 2,3 HTTP 1.1 Keep-Alive 重用连接
  keep-alive reduces TIME-WAIT
C26 2,3 用快速的查找算法管理TIME_WAIT，但维护状态总是不好
  TIME-WAIT sockets are looked up cheaply, but keeping so many is a burden
C27 4 服务端大量TIME_WAIT，系统资源被占满，处理不过来新的连接
  a listening server with very many TIME-WAIT sockets runs out of resources and cannot take new connections
C28a 4 客户端TIME_WAIT过多，端口65536个被占满，无法创建新的连接
  too many TIME-WAIT sockets on the connecting side leave no port for a new connection to the same destination
C28b 4 端口就65536个
  a client can use up 65,536 ports in this way
C28c 5 TIME_WAIT到期自动转为CLOSED，不会导致系统资源耗尽
  TIME-WAIT never exhausts a resource
C29 4 tcp_max_tw_buckets 超过时不再经历TIME_WAIT直接关闭
  above tcp_max_tw_buckets new closes skip TIME-WAIT
C30 1 tcp_tw_reuse 默认为0
  tcp_tw_reuse is off by default
C31 1,4 tcp_tw_reuse 只用于客户端 connect()，超过1秒才可复用
  tcp_tw_reuse = 1 lets connect() reuse a pair that is older than 1 s; it is useless for servers
C32 4 需要打开TCP时间戳（对方也要打开）
  tcp_tw_reuse needs timestamps at both ends
C33a 1 net.ipv4.tcp_tw_recycle = 1 表示开启TIME-WAIT sockets的快速回收
  setting tcp_tw_recycle = 1 recycles TIME-WAIT sockets quickly
C33b 4 Linux 4.12 版本后，直接取消了这一参数
  the kernel no longer has tcp_tw_recycle
C34 3,4 最后ACK丢失，重发FIN，TIME_WAIT重发ACK
  when the last ACK is lost, the peer repeats its FIN, and TIME-WAIT answers it
C35 3 保证ACK到达...可能是通过超时计时器发送
  TIME-WAIT sends its ACK again by a timer
C36 4 2MSL相当于至少允许报文丢失一次
  TIME-WAIT lasts 2 MSL because that is long enough to replace one lost ACK
C105 4 会丢弃所有来自远端时间戳小于上次记录的时间戳的任何数据包；使用了 NAT，LVS 等情况
  with tcp_tw_recycle the kernel drops packets whose timestamp is older than the last one from the same remote address, which breaks clients behind NAT
C210 4 在 Linux 系统中，MSL 的值固定为 30 秒
  on Linux the MSL is fixed at 30 s, and so TIME-WAIT at 60 s
C211 3 主动关闭的一方将继续等待一定时间（2-4分钟），即使两端的应用程序结束
  TIME-WAIT continues even when the programs at both ends have ended
C212 4 收到被动方发来的 FIN 报文后，主动方会立刻回复 ACK
  the end that closed first acknowledges the other end's FIN at once, and is then in TIME-WAIT
C213 4 用 shutdown 函数关闭的，可以一直处于 FIN_WAIT2 状态，因为它可能还可以发送或接收数据
  in a FIN-WAIT-2 made by shutdown() an end can still send or receive
C220 4 此时就应当调大 tcp_max_tw_buckets 参数，减少不同连接间数据错乱的概率
  a higher tcp_max_tw_buckets makes it less likely that connections get each other's data
C221 1 大量出现这个状态往往说明系统的并发比较高，大量的连接建立和释放
  many sockets in TIME-WAIT mean that many connections are open at once, and many are set up and released
C222 4 tcp_max_tw_buckets 也不是越大越好，毕竟内存和端口都是有限的
  a higher tcp_max_tw_buckets is not always better, because it costs memory and ports
C223 4 tcp_tw_reuse 从协议角度理解是安全可控的
  a port that tcp_tw_reuse takes out of TIME-WAIT is safe from remaining segments of its old connection
`,
);
