import { localPorts } from "../../../measure/evidence.ts";
import { processSeries } from "../../../measure/processes.ts";
import { atLeast, atMost, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import {
  attemptsFailed,
  attemptsThat,
  connectsFailed,
  connectsThat,
  lastTimeWait,
  mostTimeWait,
  timesAsLong,
} from "./figures.ts";

const EXHAUSTED = "ephemeral-port-exhaustion/buggy";
const AT_SERVER = "time-wait-pile/at-the-server";
const AT_CLIENT = "time-wait-pile/at-the-client";

const withoutPorts = (bound: Bound): Question =>
  figureOf(
    {
      en: "{} calls of connect() failed with EADDRNOTAVAIL",
      zh: "{} 次 connect() 以 EADDRNOTAVAIL 失败",
    },
    { needs: ["attempt"], of: (recording) => attemptsThat(recording, "connect EADDRNOTAVAIL") },
    bound,
  );

const waiting = (words: Text, bound: Bound): Question =>
  figureOf(words, { needs: ["sockets"], of: (recording) => mostTimeWait(recording) }, bound);

const slower = (bound: Bound): Question =>
  figureOf(
    {
      en: "a connect() took {} times as long as one to a server without TIME-WAIT",
      zh: "connect() 耗时是连接无 TIME-WAIT 服务器时的 {} 倍",
    },
    { needs: ["report", "load-end"], of: timesAsLong },
    bound,
  );

/** Of the connections asked for while the pile was there. */
const refusedAtPile = (bound: Bound): Question =>
  figureOf(
    { en: "{} new connections failed", zh: "新连接失败 {} 个" },
    { needs: ["report"], of: connectsFailed },
    bound,
  );

const pileAtServer = waiting({ en: "{} sockets were in TIME-WAIT", zh: "TIME-WAIT 共 {} 个" }, atLeast(1000));

const descriptors = (bound: Bound): Question =>
  figureOf(
    { en: "the server's process had {} descriptors", zh: "服务进程只有 {} 个描述符" },
    {
      needs: ["processes"],
      of: (recording) => processSeries(recording, { host: "server" }, "descriptors").last?.value ?? null,
    },
    bound,
  );

const atTheServer: Text = {
  en: "at a listening server, thousands in TIME-WAIT",
  zh: "监听端积压数千个 TIME-WAIT",
};
const atTheClient: Text = {
  en: "at a client with more than half of its ports in TIME-WAIT",
  zh: "客户端一半以上端口处于 TIME-WAIT",
};
const outOfPorts: Text = {
  en: "at a client with 46 ports, in TIME-WAIT one after another",
  zh: "客户端只有 46 个端口，逐个进入 TIME-WAIT",
};

const fewer: Question = question(["sockets", "attempt"], (long, short) => {
  const [some, more] = [lastTimeWait(long), lastTimeWait(short)];
  const requests = attemptsThat(long, "ok");
  return {
    holds: some === null || more === null ? null : some < more,
    observed: {
      en: `${requests ?? "?"} requests left ${some ?? "?"} TIME-WAIT, over short connections ${more ?? "?"}`,
      zh: `${requests ?? "?"} 个请求留下 ${some ?? "?"} 个 TIME-WAIT，短连接则留下 ${more ?? "?"} 个`,
    },
  };
});

const fewerThanRequests: Question = question(["sockets", "attempt"], (recording) => {
  const count = lastTimeWait(recording);
  const requests = attemptsThat(recording, "ok");
  return {
    // A client that comes back from the same port ends a TIME-WAIT, so that one or two may be missing.
    holds: count === null || requests === null ? null : count < requests / 2,
    observed: {
      en: `${requests ?? "?"} requests left ${count ?? "?"} TIME-WAIT`,
      zh: `${requests ?? "?"} 个请求留下 ${count ?? "?"} 个 TIME-WAIT`,
    },
  };
});

/** What thousands of TIME-WAIT cost, whom, and what they use up. */
export const cost: Rule[] = [
  {
    id: "C25",
    under: [
      {
        where: { en: "requests close together", zh: "请求间隔很短" },
        in: ["short-against-long/long-http", "short-against-long/short-http"],
        asks: [fewer],
      },
    ],
    beyond: [
      {
        where: {
          en: "requests 0.5 s apart, the server waits for 3 s",
          zh: "请求间隔 0.5 秒，服务端空闲超时 3 秒",
        },
        in: ["keep-alive-gap/idle-limit-longer"],
        asks: [fewerThanRequests],
      },
      {
        where: {
          en: "requests 0.5 s apart, the server waits for 0.05 s",
          zh: "请求间隔 0.5 秒，服务端空闲超时 0.05 秒",
        },
        in: ["keep-alive-gap/idle-limit-shorter"],
        asks: [fewerThanRequests],
      },
    ],
    because: {
      holds: {
        en: "A connection leaves one TIME-WAIT, however many requests it carried.",
        zh: "每条连接只留下一个 TIME-WAIT，不管它承载过多少请求。",
      },
      "holds-with-limits": {
        en: "A connection leaves one TIME-WAIT, however many requests it carried; but where requests are further apart than the idle limit of either end, each has a connection of its own again, and the end with the shorter limit, mostly the server, keeps the TIME-WAIT.",
        zh: "每条连接只留下一个 TIME-WAIT，不管它承载过多少请求；但若请求间隔大于任一端的空闲超时，每个请求又各用一条连接，TIME-WAIT 由超时较短的一端（多为服务端）承担。",
      },
    },
  },
  {
    id: "C26",
    under: [
      { where: atTheServer, in: [AT_SERVER], asks: [pileAtServer, slower(atMost(2))] },
      { where: outOfPorts, in: [EXHAUSTED], asks: [withoutPorts(atLeast(1))] },
    ],
    beyond: [
      { where: atTheClient, in: [AT_CLIENT], asks: [slower(atMost(2))] },
      {
        where: { en: "as a burden to the listening server", zh: "对监听端而言的负担" },
        in: [AT_SERVER],
        asks: [refusedAtPile(atLeast(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A segment finds its TIME-WAIT by a hash of both addresses and ports, so a listening server is no slower for thousands of them, and pays a few hundred bytes each and no port. The burden is the connecting side's: each takes a port towards that destination, and once half the range waits, connect() tries port after port, until none is left.",
        zh: "报文按四元组哈希查找 TIME-WAIT，监听端积压数千个也不会变慢，每个只占几百字节，不占端口。真正的负担在主动连接的一端：每个 TIME-WAIT 占用通往该目的地的一个端口，占到端口范围一半后 connect() 就要逐个试探，最后无端口可用。",
      },
      refuted: {
        en: "On this kernel the pile slows down new connections to a listening server, or costs a client nothing.",
        zh: "在这个内核上，积压会拖慢监听端的新连接，或者对客户端毫无代价。",
      },
    },
  },
  {
    id: "C27",
    under: [
      {
        where: atTheServer,
        in: [AT_SERVER],
        asks: [pileAtServer, refusedAtPile(atLeast(1)), descriptors(atLeast(1000))],
      },
      {
        where: {
          en: "at a server with as many TIME-WAIT as tcp_max_tw_buckets allows",
          zh: "服务端 TIME-WAIT 已达 tcp_max_tw_buckets 上限",
        },
        in: ["time-wait-limit/above"],
        asks: [
          figureOf(
            { en: "{} of 97 connections failed", zh: "97 个连接中失败 {} 个" },
            { needs: ["attempt"], of: attemptsFailed },
            atLeast(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: {
          en: "where the server is itself a client, of a backend",
          zh: "服务端自己又作为客户端连接后端",
        },
        in: [EXHAUSTED],
        asks: [withoutPorts(atLeast(1))],
      },
    ],
    because: {
      refuted: {
        en: "A TIME-WAIT at a listening server has no descriptor, no process and no port of its own, only a small record in the kernel; at the limit of such records a close simply goes without. New connections are not kept out. Out of ports is what a client gets, or a proxy towards its backend.",
        zh: "监听端的 TIME-WAIT 不占描述符、进程和端口，只是内核里的一条小记录；记录数达到上限后，新的关闭直接跳过 TIME-WAIT，新连接照样能建立。会耗尽端口的是客户端，或者连接后端的代理。",
      },
      holds: {
        en: "On this kernel a pile of TIME-WAIT kept new connections out.",
        zh: "在这个内核上，大量 TIME-WAIT 确实挡住了新连接。",
      },
    },
  },
  {
    id: "C28a",
    under: [
      {
        where: outOfPorts,
        in: [EXHAUSTED],
        asks: [
          withoutPorts(atLeast(1)),
          waiting({ en: "{} ports were in TIME-WAIT", zh: "{} 个端口处于 TIME-WAIT" }, exactly(46)),
        ],
      },
    ],
    beyond: [
      {
        where: {
          en: "to another port of the same server meanwhile",
          zh: "同时连接同一服务器的另一端口",
        },
        in: ["time-wait-reuse/off"],
        asks: [
          figureOf(
            { en: "connections that came about: {}", zh: "建立了 {} 个连接" },
            { needs: ["report"], of: (recording) => connectsThat(recording, 0, 8081) },
            exactly(0),
          ),
        ],
      },
      {
        where: { en: "with tcp_tw_reuse = 1", zh: "tcp_tw_reuse = 1 时" },
        in: ["ephemeral-port-exhaustion/fixed-by-reuse"],
        asks: [withoutPorts(atLeast(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A connect() fails with EADDRNOTAVAIL when every port of ip_local_port_range is in TIME-WAIT towards that address and port. Any other destination has all of the ports again, and with tcp_tw_reuse = 1 a port is free after a second.",
        zh: "当 ip_local_port_range 内的端口对该目的地址和端口都处于 TIME-WAIT 时，connect() 以 EADDRNOTAVAIL 失败。换一个目的地则所有端口又可用；tcp_tw_reuse = 1 时端口一秒后即可复用。",
      },
    },
  },
  {
    id: "C28b",
    under: [
      {
        where: { en: "with the kernel's default range", zh: "默认端口范围" },
        in: ["short-against-long/short-http"],
        asks: [
          figureOf(
            { en: "ip_local_port_range has {} ports", zh: "ip_local_port_range 共 {} 个端口" },
            { needs: [], of: (recording) => localPorts(recording, "client") },
            exactly(65_536),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "with a range of 46", zh: "端口范围为 46 个时" },
        in: [EXHAUSTED],
        asks: [
          figureOf(
            {
              en: "{} connections, and then EADDRNOTAVAIL",
              zh: "建立 {} 个连接后返回 EADDRNOTAVAIL",
            },
            { needs: ["attempt"], of: (recording) => attemptsThat(recording, "ok") },
            exactly(65_536),
          ),
        ],
      },
    ],
    because: {
      refuted: {
        en: "A connect() chooses from ip_local_port_range, 32768 to 60999 by default: 28,232 ports. It may be widened to 1024 to 65535, which are 64,512; port 0 is none, and those below 1024 are given to nobody who did not ask for them. And the count is for each destination anew.",
        zh: "connect() 只在 ip_local_port_range 中选端口，默认 32768–60999，共 28232 个；最多放宽到 1024–65535，即 64512 个。0 号端口不可用，1024 以下不会自动分配。而且这个数目是对每个目的地分别计算的。",
      },
      holds: {
        en: "On this kernel the range of local ports has all 65,536.",
        zh: "在这个内核上，本地端口范围包含全部 65536 个端口。",
      },
    },
  },
  {
    id: "C28c",
    under: [
      { where: outOfPorts, in: [EXHAUSTED], asks: [withoutPorts(exactly(0))] },
      { where: atTheServer, in: [AT_SERVER], asks: [pileAtServer, refusedAtPile(exactly(0))] },
    ],
    beyond: [
      {
        where: { en: "at a client that is allowed 23 TIME-WAIT", zh: "客户端上限为 23 个 TIME-WAIT" },
        in: ["time-wait-limit/few-ports"],
        asks: [withoutPorts(exactly(0))],
      },
    ],
    because: {
      refuted: {
        en: "It ends by itself, but after 60 s only, and until then it holds a port towards its destination: a client that opens more connections to one server than it has ports in a minute runs out of them. What a listening server has in TIME-WAIT exhausts nothing.",
        zh: "TIME-WAIT 固然到期自动消失，但要 60 秒，期间一直占着通往该目的地的端口：一分钟内对同一服务器建立的连接多于可用端口，客户端就会耗尽端口。监听端的 TIME-WAIT 则不会耗尽什么。",
      },
      holds: {
        en: "On this kernel no connection failed for want of what TIME-WAIT holds.",
        zh: "在这个内核上，没有连接因 TIME-WAIT 占用资源而失败。",
      },
    },
  },
];
