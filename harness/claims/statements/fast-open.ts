import type { Statement } from "../claim.ts";

export const FAST_OPEN: Statement[] = [
  {
    id: "C91",
    area: "fast-open",
    documents: [4],
    phrase: "TFO首次请求Cookie，之后SYN带数据，减少1个RTT",
    statement: "TFO: cookie first, later data in SYN, saves one RTT",
  },
  {
    id: "C92",
    area: "fast-open",
    documents: [4],
    phrase: "Cookie无效则丢弃数据，只确认SYN",
    statement: "invalid cookie: only SYN acked, data resent",
  },
  {
    id: "C93",
    area: "fast-open",
    documents: [4],
    phrase: "tcp_fastopn 各个值的意义: 0 关闭 1 客户端 2 服务端 3 都可以",
    statement: "tcp_fastopen 0 off,1 client,2 server,3 both",
  },
  {
    id: "C201",
    area: "fast-open",
    documents: [4],
    phrase: "如果服务器接受了 SYN 报文中的「数据」，服务器可在握手完成之前发送「数据」",
    statement: "a server that took the data of a SYN may send data before the handshake is over",
  },
  {
    id: "C202",
    area: "fast-open",
    documents: [4],
    phrase: "TCP Fast Open 功能需要客户端和服务端同时支持，才有效果",
    statement: "TCP Fast Open has an effect only if client and server both support it",
  },
];
