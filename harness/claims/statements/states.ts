import { statementsOf } from "./table.ts";

export const STATES = statementsOf(
  "states",
  `
C01 1,3 CLOSED 初始状态 / LISTEN 可以接受连接
  in LISTEN a socket can accept connections, and CLOSED is the initial state
C02 1 SYN_RCVD 很短暂...故意不发送最后一个ACK
  SYN-RECEIVED is invisible unless the client withholds the last ACK
C03 1,3,4 SYN_SENT 已发送SYN报文
  a client is in SYN-SENT until it receives the SYN-ACK
C04 1,3 对方应该马上回应ACK，所以FIN_WAIT_1比较难见到
  FIN-WAIT-1 is rare because the peer ACKs the FIN at once
C05 1,3,4,5 FIN_WAIT_2 半连接
  after the ACK of its FIN, the end that closed first is in FIN-WAIT-2 (half closed), which is often visible
C06 1,3 FIN_WAIT_1 收到 FIN+ACK 直接进入TIME_WAIT
  a FIN with ACK in FIN-WAIT-1 leads straight to TIME-WAIT
C07 1,3 CLOSING 双方同时close
  a simultaneous close takes both ends through CLOSING
C08 1,2,3,4,5 CLOSE_WAIT 系统会回应ACK
  when a FIN arrives, the kernel acknowledges it by itself and enters CLOSE-WAIT
C09 1,3,4,5 LAST_ACK 等待对方的ACK，收到即CLOSED
  the end that closes second waits in LAST-ACK for the last ACK, and is then CLOSED
C10 3 ACK=j+1 / FIN将占用一个序号
  a SYN and a FIN each take one sequence number
C11a 3 此包发送完毕，客户端和服务器进入ESTABLISHED
  client and server both enter ESTABLISHED when the third segment has been sent
C11b 4 服务器端连接成功建立的时间还要再往后
  the server enters ESTABLISHED later than the client, when the third segment arrives
C12 3,4 ACK报文和FIN报文多数情况下都是分开发送的 / 四次挥手
  closing takes four segments because ACK and FIN are mostly separate
C13 3 两次握手...死锁是可能发生的
  with a two-way handshake a lost SYN-ACK could deadlock
C200 1 因此这种状态时，当收到客户端的ACK报文后，它会进入到ESTABLISHED状态
  in SYN-RECEIVED, the client's ACK leads to ESTABLISHED
C203 1 FIN_WAIT_2 有一方要求close连接，但另外还告诉对方，我暂时还有点数据需要传送给你
  an end that asked to close, and is in FIN-WAIT-2, may still have data to send to the other end
`,
);
