import { calls } from "../../../measure/calls.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Rule } from "../../former.ts";
import { count, REPORT } from "./seen.ts";

/** What the taker's attempts came to: the first three on a port where somebody listens, the fourth on one that is only bound. */
function taken(recording: Recording, isListenedOn: boolean): number | null {
  const made = calls(recording, { program: "taker", call: "listen" });
  const meant = isListenedOn ? made.slice(0, 3) : made.slice(3, 4);
  return meant.length === 0 ? null : meant.filter((one) => one.result === 0).length;
}

/** Of a port that somebody listens on. */
export const listeningPort: Rule[] = [
  {
    id: "C74",
    under: [
      {
        where: {
          en: "somebody listens, and both set SO_REUSEADDR",
          zh: "端口上有监听者，双方都设 SO_REUSEADDR",
        },
        in: ["bind-again/taker"],
        asks: [
          figureOf(
            {
              en: "another program could listen there in {} of 3 ways (any address, the host's own, loopback)",
              zh: "另一个程序以 3 种地址（通配、本机地址、回环）去监听，成功 {} 次",
            },
            { needs: REPORT, of: (recording) => taken(recording, true) },
            atLeast(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "the port is bound and not yet listened on", zh: "端口已 bind 但尚未 listen" },
        in: ["bind-again/taker"],
        asks: [
          figureOf(
            { en: "another program could listen there: {}", zh: "另一个程序监听成功 {} 次" },
            { needs: REPORT, of: (recording) => taken(recording, false) },
            exactly(1),
          ),
        ],
      },
    ],
    because: {
      obsolete: {
        en: "On Linux SO_REUSEADDR never shares a port that somebody listens on, at whatever address; only between bind() and listen() may another program with the option come first",
        zh: "在 Linux 上，只要有人监听，SO_REUSEADDR 就不会让别人分享这个端口，换成更具体的地址也不行；只有在 bind() 之后、listen() 之前，同样设了该选项的程序可能抢先监听",
      },
      "holds-with-limits": {
        en: "Another program could listen on a port where somebody listens.",
        zh: "另一个程序能在已有监听者的端口上监听。",
      },
      holds: {
        en: "Another program could listen on a port where somebody listens.",
        zh: "另一个程序能在已有监听者的端口上监听。",
      },
    },
    history: {
      text: {
        en: "on Windows, which the document is about, a second socket with SO_REUSEADDR took a port from whoever had it, until Windows Server 2003 asked the first one for the option as well",
        zh: "文档讲的是 Windows：那里第二个套接字只要设 SO_REUSEADDR 就能抢走别人的端口，直到 Windows Server 2003 才要求第一个套接字也设该选项",
      },
      source:
        "Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE (Windows Sockets 2), and A. Jones, Changes in Socket Bind, 2005-09-29",
    },
  },
  {
    id: "C102",
    under: [
      {
        where: { en: "connections that a program accepted", zh: "程序 accept 到的连接" },
        in: ["bind-again/all-states"],
        asks: [
          figureOf(
            {
              en: "accepted connections with another port than the listener's: {}",
              zh: "用了监听端口以外端口的已接受连接数：{}",
            },
            {
              needs: REPORT,
              of: (recording) =>
                count(
                  recording,
                  { program: "server", call: "accept" },
                  (one) => one.localPort !== portOfListener(recording),
                ),
            },
            exactly(0),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "a server with many connections at once", zh: "同时有很多连接的服务器" },
        in: ["accept-queue-overflow/fixed-by-backlog"],
        asks: [
          figureOf(
            {
              en: "different ports of the server's ends: {}",
              zh: "服务器一侧连接的不同本地端口数：{}",
            },
            { needs: ["sockets"], of: portsOfServer },
            exactly(1),
          ),
        ],
      },
    ],
    because: {
      holds: {
        en: "accept() gives a new descriptor and no new port: the connections of a listener differ in the other end's address and port.",
        zh: "accept() 只返回新的描述符，不分配新端口：同一监听端口的连接靠对端的地址和端口区分。",
      },
      refuted: { en: "Accepted connections had other ports.", zh: "已接受的连接用了别的端口。" },
    },
  },
];

function portOfListener(recording: Recording): number | null {
  return calls(recording, { program: "server", call: "listen" })[0]?.localPort ?? null;
}

/** The local ports of the server's ends that were written down. */
function portsOfServer(recording: Recording): number | null {
  const rows = samplesOf(recording, "sockets", "server")
    .flatMap(({ groups }) => groups)
    .filter(({ side, state }) => side === "listener" && state !== "LISTEN")
    .flatMap(({ examples }) => examples);
  const ports = new Set(rows.map(({ local }) => local.slice(local.lastIndexOf(":") + 1)));
  return ports.size === 0 ? null : ports.size;
}
