import { statementsOf } from "./table.ts";

export const FAST_OPEN = statementsOf(
  "fast-open",
  `
C91 4 TFO首次请求Cookie，之后SYN带数据，减少1个RTT
  Fast Open: a client gets a cookie first; later its data goes with the SYN, which saves one round trip
C92 4 Cookie无效则丢弃数据，只确认SYN
  with an invalid cookie, only the SYN is acknowledged, and the data is sent again
C93 4 tcp_fastopn 各个值的意义: 0 关闭 1 客户端 2 服务端 3 都可以
  tcp_fastopen: 0 is off, 1 is for clients, 2 for servers, 3 for both
C201 4 如果服务器接受了 SYN 报文中的「数据」，服务器可在握手完成之前发送「数据」
  a server that accepted the data of a SYN can send data before the handshake is complete
C202 4 TCP Fast Open 功能需要客户端和服务端同时支持，才有效果
  TCP Fast Open has an effect only if client and server both support it
`,
);
