import { attempts, outcomeOf } from "../../../measure/attempts.ts";
import { atLeast } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { allServed } from "./answers.ts";
import { BYTES, DESCRIPTORS, HANDSHAKES, HELD, less, PAGE, REQUEST, SEGMENTS } from "./cost.ts";

const SHORT: Text = { en: "short", zh: "短连接" };
const LONG: Text = { en: "kept", zh: "长连接" };
const CLOSED: Text = { en: "TIME-WAIT", zh: "TIME-WAIT" };
const SHORT_LONG: [Text, Text] = [SHORT, LONG];
const LONG_SHORT: [Text, Text] = [LONG, SHORT];

/** How many attempts found no port to connect from. */
const noPort: Question = figureOf(
  { en: "{} connects failed with EADDRNOTAVAIL", zh: "{} 次 connect() 以 EADDRNOTAVAIL 失败" },
  {
    needs: ["attempt"],
    of: (recording) => attempts(recording).filter((one) => outcomeOf(one) === "connect EADDRNOTAVAIL").length,
  },
  atLeast(1),
);

const A_PAGE: Text = {
  en: "a page of many objects over a path of 100 ms",
  zh: "往返 100 ms 的路径上，一个含许多对象的页面",
};
const ONE_EACH: Text = { en: "visitors who ask once and go", zh: "每个访客只请求一次就走" };

export const rules: Rule[] = [
  {
    id: "C100a",
    under: [
      {
        where: A_PAGE,
        in: ["web-visits/page-short", "web-visits/page-kept"],
        asks: [
          less(PAGE, SHORT_LONG),
          less(REQUEST, SHORT_LONG),
          less(HANDSHAKES, SHORT_LONG),
          less(SEGMENTS, SHORT_LONG),
        ],
      },
      {
        where: { en: "many requests over TLS", zh: "经 TLS 的许多请求" },
        in: ["short-against-long/short-https", "short-against-long/long-https"],
        asks: [less(HANDSHAKES, SHORT_LONG), less(SEGMENTS, SHORT_LONG)],
      },
    ],
    beyond: [
      {
        where: ONE_EACH,
        in: ["web-visits/visitors-short", "web-visits/visitors-kept"],
        asks: [less(REQUEST, SHORT_LONG)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "from the second request on, a round trip (with TLS two, and the arithmetic) and seven segments are saved each time; the first one pays for all of it, so who asks once saves nothing",
        zh: "从第二个请求起，每次省一个往返（TLS 是两个，外加计算）和七个报文段；第一个请求照付全价，所以只请求一次的客户端什么也省不下",
      },
      holds: {
        en: "time and segments were saved, even where each client asked only once",
        zh: "时间和报文段都省了，连只请求一次的客户端也是",
      },
      refuted: {
        en: "many requests over kept connections took as long, or as many segments",
        zh: "保持连接时，许多请求花的时间或报文段并没有变少",
      },
    },
  },
  {
    id: "C100b",
    under: [
      {
        where: A_PAGE,
        in: ["web-visits/page-kept", "web-visits/page-short"],
        asks: [less(PAGE, LONG_SHORT)],
      },
      {
        where: ONE_EACH,
        in: ["web-visits/visitors-kept", "web-visits/visitors-short"],
        asks: [less(HELD, LONG_SHORT)],
      },
    ],
    beyond: [
      {
        where: A_PAGE,
        in: ["web-visits/page-kept", "web-visits/page-short"],
        asks: [less(SEGMENTS, LONG_SHORT)],
      },
    ],
    because: {
      refuted: {
        en:
          "a page is many objects, and a handshake for each makes it slower and sends more segments. The fear of idle connections is right (short ones hold fewer), but an idle limit of seconds answers it: the server " +
          "then holds no more than the visitors of those seconds. Only who asks for one thing and goes is served as well by short ones",
        zh:
          "页面由许多对象组成，每个对象握手一次只会更慢，报文段也更多。担心空闲连接没有错（短连接占着的确实少），但几秒的空闲时限就够了：服务器手里最多是这几秒里的访客。" +
          "只有取一样东西就走的访客，短连接才不吃亏",
      },
      holds: {
        en: "a page came sooner over short connections, and the server held fewer",
        zh: "用短连接页面来得更快，服务器占着的连接也更少",
      },
    },
  },
  {
    id: "C270",
    under: [
      {
        where: {
          en: "more connects than ports, within the minute of TIME-WAIT",
          zh: "TIME-WAIT 的一分钟内，连接次数多于端口",
        },
        in: ["ephemeral-port-exhaustion/buggy"],
        asks: [noPort],
      },
      {
        where: { en: "the same work over kept connections", zh: "同样的工作，改用长连接" },
        in: ["ephemeral-port-exhaustion/fixed"],
        asks: [allServed],
      },
    ],
    beyond: [
      {
        where: { en: "short connections, 100 a second", zh: "短连接，每秒 100 个" },
        in: ["short-against-long/short-tcp"],
        asks: [noPort],
      },
      {
        where: {
          en: "more connects than ports, with tcp_tw_reuse = 1",
          zh: "连接次数多于端口，tcp_tw_reuse = 1",
        },
        in: ["ephemeral-port-exhaustion/fixed-by-reuse"],
        asks: [noPort],
      },
    ],
    because: {
      "holds-with-limits": {
        en:
          "connect() fails only when every port towards that one destination is in use or in TIME-WAIT: when the rate times 60 s is more than the ports (470 a second with the usual 28,232), and the client closes first, and " +
          "tcp_tw_reuse does not let it take them again",
        zh: "只有通向这一个目的地的端口全部在用或处于 TIME-WAIT 时 connect() 才失败：速率乘以 60 s 超过端口数（常见的 28,232 个端口对应每秒 470 个）、客户端先关闭，并且 tcp_tw_reuse 不允许重用",
      },
      holds: {
        en: "short connections failed at every rate and setting that was tried",
        zh: "试过的各种速率和设置下，短连接都会出错",
      },
      refuted: {
        en: "more connects than ports did not fail, or kept connections failed as well",
        zh: "连接次数多于端口也没有出错，或者长连接同样出错",
      },
    },
  },
  {
    id: "C272",
    under: [
      {
        where: {
          en: "an idle end of a connection, and a TIME-WAIT",
          zh: "空闲连接的一端，与一个 TIME-WAIT 相比",
        },
        in: ["connection-memory/kept", "connection-memory/closed"],
        asks: [less(BYTES, [LONG, CLOSED]), less(DESCRIPTORS, [LONG, CLOSED])],
      },
      {
        where: ONE_EACH,
        in: ["web-visits/visitors-kept", "web-visits/visitors-short"],
        asks: [less(HELD, LONG_SHORT)],
      },
    ],
    beyond: [
      {
        where: A_PAGE,
        in: ["web-visits/page-kept", "web-visits/page-short"],
        asks: [less(SEGMENTS, LONG_SHORT)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "an idle connection holds a descriptor and some kilobytes, a TIME-WAIT some 250 bytes and no descriptor; but each short connection is set up and closed anew, so a client who comes back often costs more segments that way",
        zh: "空闲连接占一个描述符和几 KB 内存，TIME-WAIT 只占约 250 字节，不占描述符；但短连接每次都要重新建立和关闭，常来的客户端反而要多费报文段",
      },
      holds: {
        en: "kept connections cost more in everything that was measured",
        zh: "测过的每一项都是长连接费得多",
      },
      refuted: {
        en: "a connection that is kept cost the server no more than one that was closed",
        zh: "保持着的连接并不比关闭了的费资源",
      },
    },
  },
];
