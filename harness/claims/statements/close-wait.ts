import type { Statement } from "../claim.ts";

export const CLOSE_WAIT: Statement[] = [
  {
    ...{ id: "C37", area: "close-wait", documents: [1, 4, 5] },
    phrase: "CLOSE_WAIT 等待进程close，没有时间限制；多是程序Bug read返回0未close",
    statement: "CLOSE-WAIT lasts until the process closes; usually a bug (read()==0 ignored)",
  },
  {
    ...{ id: "C38", area: "close-wait", documents: [1] },
    phrase: "CLOSE_WAIT会维持至少2个小时",
    statement: "a CLOSE-WAIT lasts at least 2 hours",
  },
  {
    ...{ id: "C39", area: "close-wait", documents: [1] },
    phrase: "修改tcp_keepalive_*有助于解决",
    statement: "tuning tcp_keepalive_* cures CLOSE-WAIT",
  },
  {
    ...{ id: "C40a", area: "close-wait", documents: [1, 5] },
    phrase: "大量CLOSE_WAIT，服务器无法接受新的用户请求",
    statement: "a pile of CLOSE-WAIT sockets ends with a server that takes no new client",
  },
  {
    ...{ id: "C40b", area: "close-wait", documents: [5] },
    phrase: "也无法关闭…系统重启才能解决",
    statement: "only a reboot of the system gets rid of them",
  },
  {
    ...{ id: "C41", area: "close-wait", documents: [1, 2] },
    phrase: "CLOSE_WAIT 还有数据要发送或其他事",
    statement: "CLOSE-WAIT instead of LAST-ACK means our FIN has not been sent",
  },
  {
    ...{ id: "C42", area: "close-wait", documents: [2] },
    phrase: "网络连接断开后没有检测到这个错误导致CLOSE_WAIT",
    statement: "an undetected network break causes CLOSE-WAIT",
  },
  {
    ...{ id: "C43", area: "close-wait", documents: [2] },
    phrase: "向上层提交ERROR，send或recv返回SOCKET_ERROR",
    statement: "a FIN makes recv/send return an error",
  },
  {
    ...{ id: "C44", area: "close-wait", documents: [3] },
    phrase: "不调用close，对端FIN_WAIT_2，本端CLOSE_WAIT",
    statement: "a program that ignores read()==0 leaves the peer in FIN-WAIT-2 and itself in CLOSE-WAIT",
  },
  {
    ...{ id: "C45", area: "close-wait", documents: [5] },
    phrase: "close 引用计数>1 只减1 / 父进程未close → CLOSE_WAIT",
    statement:
      "close() on a descriptor that a forked process also holds only drops a reference: no FIN goes out and CLOSE-WAIT stays",
  },
  {
    ...{ id: "C46", area: "close-wait", documents: [5] },
    phrase: "shutdown 不检查引用计数，直接发送FIN",
    statement: "shutdown() sends FIN whatever the reference count",
  },
  {
    ...{ id: "C103", area: "close-wait", documents: [1] },
    phrase: "有个流氓特地写了个程序，给你造成一堆的CLOSE_WAIT，消耗你的资源",
    statement: "a hostile client, by itself, can make CLOSE-WAIT pile up on a server",
  },
  {
    ...{ id: "C230", area: "close-wait", documents: [2, 4, 5] },
    phrase:
      "只有被动关闭的这一方调用了closesocket，才会发送一个FIN给主动关闭的这一方，同时也使得自己的状态变迁为LAST_ACK",
    statement: "in CLOSE-WAIT close(), and nothing else, sends the FIN and leads to LAST-ACK",
  },
  {
    ...{ id: "C231", area: "close-wait", documents: [2] },
    phrase: "解决方式：强行关闭 设置SO_LINGER套接字选项实现",
    statement: "setting SO_LINGER {1, 0} is a cure for CLOSE-WAIT",
  },
  {
    ...{ id: "C232", area: "close-wait", documents: [3, 4] },
    phrase: "当你调用recv时，如果返回0，则表示对端关闭",
    statement: "recv() == 0 says that the peer has closed the connection",
  },
];
