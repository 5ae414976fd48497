import { calls } from "../../../measure/calls.ts";
import { sysctl } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, between, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Condition, Question, Rule } from "../../former.ts";
import { ageAtReuseMs, connectsFailed, connectsThat, foreignBytes, takenOut } from "./figures.ts";

const NAME = "net.ipv4.tcp_tw_reuse";

const takes = (bound: Bound): Question =>
  figureOf(
    { en: "connect() took {} ports out of TIME-WAIT", zh: "connect() 复用了 {} 个处于 TIME-WAIT 的端口" },
    { needs: ["counters"], of: takenOut },
    bound,
  );

const withoutPorts = (bound: Bound): Question =>
  figureOf(
    { en: "{} of 14 tries failed with EADDRNOTAVAIL", zh: "14 次尝试中 {} 次返回 EADDRNOTAVAIL" },
    { needs: ["report"], of: (recording) => connectsThat(recording, "EADDRNOTAVAIL", 8080) },
    bound,
  );

const age = (bound: Bound): Question =>
  figureOf(
    {
      en: "the first TIME-WAIT to be used again was {} ms old",
      zh: "首个被复用的 TIME-WAIT 已存在 {} 毫秒",
    },
    { needs: ["report"], of: ageAtReuseMs },
    bound,
  );

const failed = (bound: Bound): Question =>
  figureOf(
    { en: "{} calls of connect() failed", zh: "connect() 失败 {} 次" },
    { needs: ["report"], of: connectsFailed },
    bound,
  );

const value = (host: string): Question =>
  wordsOf(
    { en: `${NAME} is {}`, zh: `${NAME} 为 {}` },
    { needs: [], of: (recording) => sysctl(recording, NAME, host) },
    "0",
  );

const never: [Question, ...Question[]] = [takes(exactly(0)), withoutPorts(exactly(14))];

/** A pair in TIME-WAIT at a listening server, and a SYN for it. */
const takenAgain: Question = figureOf(
  {
    en: "a pair that was in TIME-WAIT for {} ms began a new connection",
    zh: "处于 TIME-WAIT {} 毫秒的四元组又建立了新连接",
  },
  { needs: ["report"], of: ageAtReuseMs },
  atMost(900),
);

/** A server that closed first, and what its own tcp_tw_reuse changes: nothing. */
const server = (reuse: "0" | "1", trial: string): Condition => ({
  where: {
    en: `with ${reuse} at a listening server that has the TIME-WAIT`,
    zh: `TIME-WAIT 在监听端，其值为 ${reuse}`,
  },
  in: [trial],
  asks: [failed(exactly(0)), takenAgain, takes(exactly(0))],
});

const FRESH = "time-wait-reuse/default";

/** What tcp_tw_reuse is, does, and needs. */
export const reuse: Rule[] = [
  {
    id: "C30",
    under: [
      {
        where: { en: "in a fresh network namespace", zh: "新建的网络命名空间" },
        in: [FRESH],
        asks: [value("client")],
      },
      {
        where: { en: "between two hosts, left as it is", zh: "两台主机之间，保持默认值" },
        in: [FRESH],
        asks: [takes(exactly(0))],
      },
      {
        where: { en: "over loopback, left as it is", zh: "经回环接口，保持默认值" },
        in: ["time-wait-reuse/default-on-loopback"],
        asks: [takes(exactly(0))],
      },
    ],
    beyond: [],
    because: {
      obsolete: {
        en: "The default is 2, for loopback only: between hosts it is as if it were off, and over loopback a port is used again after a second",
        zh: "默认值是 2，只对回环生效：主机之间等同于关闭，回环上的端口一秒后即可复用",
      },
      holds: {
        en: "On this kernel it is off, over loopback too.",
        zh: "在这个内核上默认关闭，回环上也一样。",
      },
    },
    history: {
      text: {
        en: "before Linux 4.19 there was no 2, and the default was 0",
        zh: "Linux 4.19 之前没有 2 这个取值，默认是 0",
      },
      source:
        "Linux commit 79e9fed46038, net-tcp: extend tcp_tw_reuse sysctl to enable loopback only optimization",
    },
  },
  {
    id: "C31",
    under: [
      {
        where: { en: "with 1 at the client", zh: "客户端设为 1" },
        in: ["time-wait-reuse/on"],
        asks: [takes(atLeast(1)), age(between(900, 2300))],
      },
      { where: { en: "with 0 at the client", zh: "客户端设为 0" }, in: ["time-wait-reuse/off"], asks: never },
      server("0", "time-wait-reuse/server-closes-first-off"),
      server("1", "time-wait-reuse/server-closes-first-on"),
    ],
    beyond: [
      {
        where: {
          en: "with 0, for a client that binds its port by number",
          zh: "值为 0，但客户端自行 bind 固定端口",
        },
        in: ["time-wait-reuse/port-by-name"],
        asks: [age(atLeast(900))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "Where connect() chooses the port, 1 lets it take one whose TIME-WAIT is a second old (tcp_tw_reuse_delay since Linux 6.14), and 0 does not. A listening server takes a newer SYN on a pair in TIME-WAIT whatever the value. But a client that binds its port itself gets it out of TIME-WAIT at once, with 0 as well, if timestamps are on.",
        zh: "由 connect() 选端口时，设为 1 可以复用已存在一秒的 TIME-WAIT（Linux 6.14 起由 tcp_tw_reuse_delay 调节），设为 0 则不行。监听端无论取何值，都会在 TIME-WAIT 的四元组上接受更新的 SYN。但客户端若自行 bind 端口，只要启用时间戳，即使值为 0 也能立刻复用。",
      },
      holds: {
        en: "Only connect() heeds it, and only after a second, bound ports included.",
        zh: "只有 connect() 受它影响，且要满一秒，自行 bind 的端口也不例外。",
      },
    },
  },
  {
    id: "C32",
    under: [
      {
        where: { en: "timestamps at both ends", zh: "两端都启用时间戳" },
        in: ["time-wait-reuse/on"],
        asks: [takes(atLeast(1))],
      },
      {
        where: { en: "none at the client", zh: "客户端未启用时间戳" },
        in: ["time-wait-reuse/client-without-timestamps"],
        asks: never,
      },
      {
        where: { en: "none at the server", zh: "服务端未启用时间戳" },
        in: ["time-wait-reuse/server-without-timestamps"],
        asks: never,
      },
    ],
    beyond: [
      {
        where: { en: "over loopback, none", zh: "回环上，未启用时间戳" },
        in: ["time-wait-reuse/loopback-without-timestamps"],
        asks: never,
      },
      {
        where: {
          en: "for a client that binds its port by number, none",
          zh: "客户端自行 bind 固定端口，未启用时间戳",
        },
        in: ["old-duplicate/time-wait"],
        asks: [
          figureOf(
            {
              en: "{} call of connect() failed with EADDRNOTAVAIL",
              zh: "{} 次 connect() 返回 EADDRNOTAVAIL",
            },
            { needs: ["report"], of: (recording) => connectsThat(recording, "EADDRNOTAVAIL") },
            exactly(1),
          ),
        ],
      },
    ],
    because: {
      holds: {
        en: "A connection has timestamps only if both ends offer them, and a TIME-WAIT that never saw one is not given away before its 60 s are over: nothing would tell old segments from new.",
        zh: "只有两端都提供时间戳，连接才会使用它；从未见过时间戳的 TIME-WAIT 在 60 秒内不会被复用，因为没有东西能区分新旧报文。",
      },
      refuted: {
        en: "On this kernel a port was taken out of TIME-WAIT though one end had no timestamps.",
        zh: "在这个内核上，一端没有时间戳也能复用 TIME-WAIT 的端口。",
      },
    },
  },
  {
    id: "C223",
    under: [
      {
        where: { en: "a port is not used again at once", zh: "端口不会立即被复用" },
        in: ["time-wait-reuse/on"],
        asks: [age(atLeast(900))],
      },
      {
        where: {
          en: "late data of a connection without TIME-WAIT, with the timestamps that it needs",
          zh: "没有 TIME-WAIT，但有它所要求的时间戳，迟到的是数据",
        },
        in: ["old-duplicate/timestamps"],
        asks: [
          figureOf(
            { en: "{} bytes of it came into the next connection", zh: "{} 字节混入下一条连接" },
            { needs: ["report"], of: foreignBytes },
            exactly(0),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: {
          en: "a late RST whose number is the one expected next",
          zh: "迟到的 RST，序列号恰好对上",
        },
        in: ["old-timestamp/former-connection"],
        asks: [
          figureOf(
            { en: "connections that it ended: {}", zh: "被它终止的连接数：{}" },
            { needs: ["report"], of: endedByReset },
            exactly(0),
          ),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "The second, and the timestamps without which there is no reuse, keep old data out of the next connection. A RST is not asked for its timestamp: one that was held up, and whose number happens to be the next of the new connection, ends it.",
        zh: "一秒的间隔，加上复用所必需的时间戳，足以把旧数据挡在新连接之外。但 RST 不检查时间戳：被延迟的 RST 若序列号恰好等于新连接期望的值，就会终止新连接。",
      },
      holds: {
        en: "Neither old data nor an old RST gets into the connection that has the port next.",
        zh: "旧数据和旧 RST 都进不了复用端口的新连接。",
      },
      refuted: {
        en: "A port was used again at once, or old data came into the next connection.",
        zh: "端口被立即复用，或者旧数据进入了新连接。",
      },
    },
  },
];

/** Whether the last connection of a server ended with a RST: 1, or 0; null when it read nothing. */
function endedByReset(recording: Recording): number | null {
  const last = calls(recording, { program: "server", call: "recv" }).at(-1);
  return last === undefined ? null : Number(last.result === "ECONNRESET");
}
