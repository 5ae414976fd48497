import type { Statement } from "../claim.ts";

export const FAST_OPEN: Statement[] = [
  {
    id: "C91",
    area: "fast-open",
    documents: [4],
    phrase: "TFO首次请求Cookie，之后SYN带数据，减少1个RTT",
    statement:
      "Fast Open: a client gets a cookie first; later its data goes with the SYN, which saves one round trip",
  },
  {
    id: "C92",
    area: "fast-open",
    documents: [4],
    phrase: "Cookie无效则丢弃数据，只确认SYN",
    statement: "with an invalid cookie, only the SYN is acknowledged, and the data is sent again",
  },
  {
    id: "C93",
    area: "fast-open",
    documents: [4],
    phrase: "tcp_fastopn 各个值的意义: 0 关闭 1 客户端 2 服务端 3 都可以",
    statement: "tcp_fastopen: 0 is off, 1 is for clients, 2 for servers, 3 for both",
  },
  {
    id: "C201",
    area: "fast-open",
    documents: [4],
    phrase: "如果服务器接受了 SYN 报文中的「数据」，服务器可在握手完成之前发送「数据」",
    statement: "a server that accepted the data of a SYN can send data before the handshake is complete",
  },
  {
    id: "C202",
    area: "fast-open",
    documents: [4],
    phrase: "TCP Fast Open 功能需要客户端和服务端同时支持，才有效果",
    statement: "TCP Fast Open has an effect only if client and server both support it",
  },
];
