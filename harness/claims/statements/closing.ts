import { statementsOf } from "./table.ts";

export const CLOSING = statementsOf(
  "closing",
  `
C47 3 close时发送缓冲中还有数据，TCP会继续发送
  close() still delivers buffered data
C48 3 发送FIN只是不能发送，还可以接收
  after a FIN an end can still receive
C49a 3 CTRL+C终止程序，TCP连接依然会正常关闭
  a program ended by Ctrl+C has its connections closed normally (FIN)
C49b 4 进程异常退出，内核就会发送 RST 报文来关闭
  a process that dies abnormally has its connections reset (RST)
C50 2,3,4 SO_LINGER{1,0}: 立即RST，数据丢失，不进入TIME_WAIT
  linger {1, 0}: close() sends a RST at once, unsent data is lost, there is no TIME-WAIT, and recv() fails at the other end
C51 2 soLinger非0，等待指定长度的时间再关闭
  linger {1, n}: close() waits n seconds, then closes
C52 3 SO_LINGER{1,0}等同于设置SO_DONTLINGER (缺省linger {0,0})
  linger {1, 0} is the same as SO_DONTLINGER
C53 4 close后是孤儿连接 netstat -p 进程名为空
  after close() the connection is an orphan, without a process
C54 4 SHUT_RD: 缓冲数据被丢弃，后续数据ACK后悄悄丢弃
  SHUT_RD discards buffered data; later data is acknowledged and silently dropped
C55 4 SHUT_WR: 剩余数据立即发送并发FIN / SHUT_RDWR相当于两者
  SHUT_WR sends all buffered data and then a FIN; SHUT_RDWR does the same and also shuts reading
C56 4 tcp_orphan_retries 对所有FIN_WAIT1有效
  tcp_orphan_retries applies to every FIN-WAIT-1
C57 4 0特指8次
  tcp_orphan_retries = 0 means 8
C58 4 零窗口使FIN无法发送，一直处于FIN_WAIT1
  a closed window keeps the FIN unsent and the socket in FIN-WAIT-1 without limit
C59 4 孤儿数超过tcp_max_orphans，直接RST
  above tcp_max_orphans new orphans are reset
C60 4 LAST_ACK重发FIN次数由tcp_orphan_retries控制
  tcp_orphan_retries limits the retransmissions of the FIN in LAST-ACK
C61 3 没有TIME_WAIT将响应RST，服务器认为是错误
  without TIME-WAIT the repeated FIN is answered with a RST, which the server sees as an error
C62 4 没有TIME_WAIT服务端会一直处在LAST_ACK；新SYN→服务端发送RST
  without TIME-WAIT the server stays in LAST-ACK for ever, and answers a new SYN with a RST
C240 2 默认情况下，SO_DONTLINGER是1；linger为{l_onoff:0,l_linger:0}
  by default a socket does not linger: the option is {0, 0}
C241 2 设置SO_LINGER为零，便不用担心closesocket进入“锁定”状态(等待完成)，不论是否有排队数据
  close() with queued data can block, and linger {1, 0} prevents it
C242 4 shutdown 参数须传入 SHUT_WR 或者 SHUT_RDWR 才会发送 FIN
  shutdown() sends a FIN only with SHUT_WR or SHUT_RDWR
C243 4 安全关闭连接的方式…由进程调用 close 或 shutdown 函数发起 FIN 报文
  close() ends a connection safely, with a FIN
C244 4 tcp_orphan_retries …默认值是 0
  tcp_orphan_retries is 0 by default
`,
);
