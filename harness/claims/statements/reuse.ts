import { statementsOf } from "./table.ts";

export const REUSE = statementsOf(
  "reuse",
  `
C63 3,4 旧连接的数据包被新化身接收
  without TIME-WAIT the next connection between the same ends accepts an old segment
C64 4 有时间戳，2MSL问题不复存在
  timestamps solve the 2 MSL problem
C65 2,3 SYN序号大于上次最大序号，TIME_WAIT一样接受
  a SYN with a higher sequence number is accepted for a pair in TIME-WAIT
C66 2,3 小序号SYN如泥牛如海，被drop
  a SYN with a lower sequence number is silently dropped
C67 3 TCP不允许从TIME_WAIT建立新的化身
  TCP never starts a new connection between a pair of ends in TIME-WAIT
C68 2,3 LB NAT，端口240秒不能用，最多300个左右
  behind one NAT or load-balancer address a server can take only about 300 new connections a second, because each port is blocked for 240 s
C69 3 bind TIME_WAIT的端口会失败；崩溃的服务器2MSL内无法重启；SO_REUSEADDR解决
  a server that crashed cannot bind its port again for 2 MSL, and SO_REUSEADDR solves that
C70 3 端口忙而TCP状态位于其他状态，依旧地址已使用
  SO_REUSEADDR helps only in TIME-WAIT
C71 3 客户端bind+SO_REUSEADDR，2MSL内connect：windows失败，linux不存在这个问题
  on Linux a client with a fixed port can reconnect within 2 MSL
C72 2 SO_REUSEADDR 使CLOSE_WAIT只占一个端口
  SO_REUSEADDR with a fixed client port limits CLOSE-WAIT to one port
C73 3 该端口将不能再被使用（其实是这个连接）
  a port in TIME-WAIT cannot be used
C74 2 端口复用不安全
  SO_REUSEADDR is unsafe, because another program can take over the port
C75 3 端口从上一次分配+1开始
  each new connection gets the local port after the one that was given last
C104 4 时间戳还可以防止序列号绕回
  timestamps also guard a connection against sequence numbers that wrap round
C250 3 SO_REUSEADDR 仅仅表示可以重用本地地址、本地端口，整个相关五元组还是唯一确定的
  even with SO_REUSEADDR no two connections have the same addresses and ports at both ends
C251 3 重启后的服务程序有可能收到非期望数据
  a server restarted on its port with SO_REUSEADDR can receive data of the old server's connections
C252 3 客户端默认情况下会使用一个随机端口
  by default a client uses a random port
`,
);
