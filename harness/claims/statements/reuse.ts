import type { Statement } from "../claim.ts";

export const REUSE: Statement[] = [
  {
    ...{ id: "C63", area: "reuse", documents: [3, 4] },
    phrase: "旧连接的数据包被新化身接收",
    statement: "without TIME-WAIT an old segment is taken by the new incarnation",
  },
  {
    ...{ id: "C64", area: "reuse", documents: [4] },
    phrase: "有时间戳，2MSL问题不复存在",
    statement: "timestamps make the 2MSL problem disappear",
  },
  {
    ...{ id: "C65", area: "reuse", documents: [2, 3] },
    phrase: "SYN序号大于上次最大序号，TIME_WAIT一样接受",
    statement: "a SYN with a higher sequence number is accepted on a TIME-WAIT pair",
  },
  {
    ...{ id: "C66", area: "reuse", documents: [2, 3] },
    phrase: "小序号SYN如泥牛如海，被drop",
    statement: "a lower SYN is silently dropped",
  },
  {
    ...{ id: "C67", area: "reuse", documents: [3] },
    phrase: "TCP不允许从TIME_WAIT建立新的化身",
    statement: "TCP never starts a new incarnation of a TIME-WAIT pair",
  },
  {
    ...{ id: "C68", area: "reuse", documents: [2, 3] },
    phrase: "LB NAT，端口240秒不能用，最多300个左右",
    statement:
      "behind one NAT or load-balancer address a server can take only about 300 new connections a second, because each port is barred for 240 s",
  },
  {
    ...{ id: "C69", area: "reuse", documents: [3] },
    phrase: "bind TIME_WAIT的端口会失败；崩溃的服务器2MSL内无法重启；SO_REUSEADDR解决",
    statement: "a server that crashed cannot bind its port again for 2MSL, and SO_REUSEADDR cures that",
  },
  {
    ...{ id: "C70", area: "reuse", documents: [3] },
    phrase: "端口忙而TCP状态位于其他状态，依旧地址已使用",
    statement: "SO_REUSEADDR helps in TIME-WAIT only",
  },
  {
    ...{ id: "C71", area: "reuse", documents: [3] },
    phrase: "客户端bind+SO_REUSEADDR，2MSL内connect：windows失败，linux不存在这个问题",
    statement: "client with a fixed port can reconnect within 2MSL on Linux",
  },
  {
    ...{ id: "C72", area: "reuse", documents: [2] },
    phrase: "SO_REUSEADDR 使CLOSE_WAIT只占一个端口",
    statement: "SO_REUSEADDR with a fixed client port confines CLOSE-WAIT to one port",
  },
  {
    ...{ id: "C73", area: "reuse", documents: [3] },
    phrase: "该端口将不能再被使用（其实是这个连接）",
    statement: "a TIME-WAIT port cannot be used",
  },
  {
    ...{ id: "C74", area: "reuse", documents: [2] },
    phrase: "端口复用不安全",
    statement: "SO_REUSEADDR is unsafe (hijack)",
  },
  {
    ...{ id: "C75", area: "reuse", documents: [3] },
    phrase: "端口从上一次分配+1开始",
    statement: "ports are allocated last+1",
  },
  {
    ...{ id: "C104", area: "reuse", documents: [4] },
    phrase: "时间戳还可以防止序列号绕回",
    statement: "timestamps also guard a connection against sequence numbers that wrap round",
  },
  {
    ...{ id: "C250", area: "reuse", documents: [3] },
    phrase: "SO_REUSEADDR 仅仅表示可以重用本地地址、本地端口，整个相关五元组还是唯一确定的",
    statement: "with SO_REUSEADDR, too, no two connections have the same addresses and ports at both ends",
  },
  {
    ...{ id: "C251", area: "reuse", documents: [3] },
    phrase: "重启后的服务程序有可能收到非期望数据",
    statement:
      "a server restarted on its port with SO_REUSEADDR may be given data of the old one's connections",
  },
  {
    ...{ id: "C252", area: "reuse", documents: [3] },
    phrase: "客户端默认情况下会使用一个随机端口",
    statement: "by default a client uses a random port",
  },
];
