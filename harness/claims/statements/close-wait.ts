import { statementsOf } from "./table.ts";

export const CLOSE_WAIT = statementsOf(
  "close-wait",
  `
C37 1,4,5 CLOSE_WAIT 等待进程close，没有时间限制；多是程序Bug read返回0未close
  CLOSE-WAIT lasts until the process closes; it is usually a bug (read() == 0 was ignored)
C38 1 CLOSE_WAIT会维持至少2个小时
  a CLOSE-WAIT lasts at least 2 hours
C39 1 修改tcp_keepalive_*有助于解决
  tuning tcp_keepalive_* cures CLOSE-WAIT
C40a 1,5 大量CLOSE_WAIT，服务器无法接受新的用户请求
  a server with many CLOSE-WAIT sockets can accept no new clients
C40b 5 也无法关闭…系统重启才能解决
  only a reboot of the system removes CLOSE-WAIT sockets
C41 1,2 CLOSE_WAIT 还有数据要发送或其他事
  CLOSE-WAIT instead of LAST-ACK means our FIN has not been sent
C42 2 网络连接断开后没有检测到这个错误导致CLOSE_WAIT
  an undetected network break causes CLOSE-WAIT
C43 2 向上层提交ERROR，send或recv返回SOCKET_ERROR
  a FIN makes recv() or send() return an error
C44 3 不调用close，对端FIN_WAIT_2，本端CLOSE_WAIT
  a program that ignores read() == 0 leaves the peer in FIN-WAIT-2 and itself in CLOSE-WAIT
C45 5 close 引用计数>1 只减1 / 父进程未close → CLOSE_WAIT
  close() on a descriptor that a forked process also holds only drops a reference: no FIN is sent and CLOSE-WAIT stays
C46 5 shutdown 不检查引用计数，直接发送FIN
  shutdown() sends a FIN whatever the reference count is
C103 1 有个流氓特地写了个程序，给你造成一堆的CLOSE_WAIT，消耗你的资源
  a hostile client alone can fill a server with CLOSE-WAIT sockets
C230 2,4,5 只有被动关闭的这一方调用了closesocket，才会发送一个FIN给主动关闭的这一方，同时也使得自己的状态变迁为LAST_ACK
  in CLOSE-WAIT only close() sends the FIN and leads to LAST-ACK
C231 2 解决方式：强行关闭 设置SO_LINGER套接字选项实现
  SO_LINGER {1, 0} solves CLOSE-WAIT
C232 3,4 当你调用recv时，如果返回0，则表示对端关闭
  recv() == 0 means that the peer has closed the connection
`,
);
