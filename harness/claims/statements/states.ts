import type { Statement } from "../claim.ts";

export const STATES: Statement[] = [
  {
    ...{ id: "C01", area: "states", documents: [1, 3] },
    phrase: "CLOSED 初始状态 / LISTEN 可以接受连接",
    statement: "LISTEN = accepting; CLOSED = initial state",
  },
  {
    ...{ id: "C02", area: "states", documents: [1] },
    phrase: "SYN_RCVD 很短暂...故意不发送最后一个ACK",
    statement: "SYN-RECEIVED is invisible unless the client withholds the last ACK",
  },
  {
    ...{ id: "C03", area: "states", documents: [1, 3, 4] },
    phrase: "SYN_SENT 已发送SYN报文",
    statement: "client is SYN-SENT until SYN-ACK",
  },
  {
    ...{ id: "C04", area: "states", documents: [1, 3] },
    phrase: "对方应该马上回应ACK，所以FIN_WAIT_1比较难见到",
    statement: "FIN-WAIT-1 is rare because the peer ACKs the FIN at once",
  },
  {
    ...{ id: "C05", area: "states", documents: [1, 3, 4, 5] },
    phrase: "FIN_WAIT_2 半连接",
    statement: "after ACK of its FIN the closer is FIN-WAIT-2 (half closed), often visible",
  },
  {
    ...{ id: "C06", area: "states", documents: [1, 3] },
    phrase: "FIN_WAIT_1 收到 FIN+ACK 直接进入TIME_WAIT",
    statement: "FIN+ACK in FIN-WAIT-1 goes straight to TIME-WAIT",
  },
  {
    ...{ id: "C07", area: "states", documents: [1, 3] },
    phrase: "CLOSING 双方同时close",
    statement: "simultaneous close gives CLOSING on both",
  },
  {
    ...{ id: "C08", area: "states", documents: [1, 2, 3, 4, 5] },
    phrase: "CLOSE_WAIT 系统会回应ACK",
    statement: "FIN received -> kernel ACKs by itself -> CLOSE-WAIT",
  },
  {
    ...{ id: "C09", area: "states", documents: [1, 3, 4, 5] },
    phrase: "LAST_ACK 等待对方的ACK，收到即CLOSED",
    statement: "passive closer waits in LAST-ACK for the final ACK, then CLOSED",
  },
  {
    ...{ id: "C10", area: "states", documents: [3] },
    phrase: "ACK=j+1 / FIN将占用一个序号",
    statement: "SYN and FIN each consume one sequence number",
  },
  {
    ...{ id: "C11a", area: "states", documents: [3] },
    phrase: "此包发送完毕，客户端和服务器进入ESTABLISHED",
    statement: "client and server both enter ESTABLISHED when the third segment has been sent",
  },
  {
    ...{ id: "C11b", area: "states", documents: [4] },
    phrase: "服务器端连接成功建立的时间还要再往后",
    statement: "the server enters ESTABLISHED later than the client, when the third segment arrives",
  },
  {
    ...{ id: "C12", area: "states", documents: [3, 4] },
    phrase: "ACK报文和FIN报文多数情况下都是分开发送的 / 四次挥手",
    statement: "closing takes four segments because ACK and FIN are mostly separate",
  },
  {
    ...{ id: "C13", area: "states", documents: [3] },
    phrase: "两次握手...死锁是可能发生的",
    statement: "with a two-way handshake a lost SYN-ACK could deadlock",
  },
  {
    ...{ id: "C200", area: "states", documents: [1] },
    phrase: "因此这种状态时，当收到客户端的ACK报文后，它会进入到ESTABLISHED状态",
    statement: "in SYN-RECEIVED, the client's ACK leads to ESTABLISHED",
  },
  {
    ...{ id: "C203", area: "states", documents: [1] },
    phrase: "FIN_WAIT_2 有一方要求close连接，但另外还告诉对方，我暂时还有点数据需要传送给你",
    statement: "the end that asked to close, and is in FIN-WAIT-2, may still have data to send to the other",
  },
];
