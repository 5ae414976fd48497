import { statementsOf } from "./table.ts";

export const LIMITS_AND_HTTP = statementsOf(
  "limits-and-http",
  `
C98 1,2,4 连接数量与文件句柄有关 ulimit -n 1024 / file-max / limit.conf
  descriptors limit the number of connections
C99 3 Connection:keep-alive 响应头；Keep-Alive有保持时间，需双方支持
  with keep-alive in HTTP/1.1, the server sends a header in its responses and limits the idle time
C100a 3 长连接可以省去较多的TCP建立和关闭的操作，减少浪费，节约时间
  long connections save the time of setting up and closing connections
C100b 3 WEB网站的http服务一般都用短链接好
  short connections serve web sites better
C101 2 nagle: 小包无法及时响应 / delay ack
  Nagle's algorithm and delayed ACKs delay small packets
C102 2,3 accept只是新建句柄，仍使用监听端口
  accepted sockets use the port of the listener
C107 3 Client与server之间的连接如果一直不关闭，server早晚有扛不住的时候；关闭一些长时间没有读写事件发生的连接
  connections that clients never close stop a server in the end; closing the idle ones keeps it working
C108 3 以客户端机器为颗粒度，限制每个客户端的最大长连接数，避免某个客户端连累后端服务
  a limit of connections for each client machine prevents one client from using up the server
C270 3 如果用短连接频繁的通信会造成socket错误
  frequent short connections end in socket errors
C271 3 短连接对于服务器来说管理较为简单，存在的连接都是有用的连接，不需要额外的控制手段
  with short connections every connection that exists is in use, and the server needs no further control
C272 3 长连接对于服务端来说会耗费一定的资源……用短连接会更省一些资源
  a connection that is kept costs the server resources, and short connections cost it less
C273 3 在HTTP/1.0中，默认使用的是短连接……从 HTTP/1.1起，默认使用长连接
  connections are short by default in HTTP/1.0, and long by default from HTTP/1.1 on
`,
);
