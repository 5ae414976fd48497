import { calls } from "../../measure/calls.ts";
import { endsTold } from "../../measure/ends.ts";
import { sysctl } from "../../measure/evidence.ts";
import { repeats, wireConnections } from "../../measure/packets.ts";
import { exampleRows, socketSeries } from "../../measure/sockets.ts";
import type { Recording } from "../../model/recording.ts";
import { atLeast, atMost, exactly } from "../../verdict/bound.ts";
import { figureOf, wordsOf } from "../former.ts";
import type { Question, Rule, Text } from "../former.ts";

const WAITING = { host: "server", state: "ESTABLISHED", port: 8080 } as const;

/** A sysctl of the server's that nobody set, as a number. */
const byDefault = (name: string, words: Text, wanted: number): Question =>
  figureOf(
    words,
    {
      needs: [],
      of: (recording) => {
        const value = sysctl(recording, name, "server");
        return value === null || name in (recording.header.setup.hosts["server"]?.sysctls ?? {})
          ? null
          : Number(value);
      },
    },
    exactly(wanted),
  );

function probes(recording: Recording): number {
  return wireConnections(recording)
    .flatMap(({ packets }) => [...repeats(packets)])
    .filter(([{ from }, { kind }]) => from === "server" && kind === "keep-alive probe").length;
}

/** What the server's waiting recv() came to: an errno; `-` when the last look still found the connection. */
function endOf(recording: Recording): string | null {
  const failed = calls(recording, { program: "server", call: "recv" }).find(
    ({ result }) => typeof result === "string",
  );
  if (failed !== undefined) return String(failed.result);
  const { last } = socketSeries(recording, WAITING).during("drain");
  return last !== null && last.value > 0 ? "–" : null;
}

const ended = (wanted: string): Question =>
  wordsOf(
    { en: "what ended the connection: {}", zh: "连接的结局：{}" },
    { needs: ["report", "sockets"], of: endOf },
    wanted,
  );

/** How many seconds the last look of the silence found the connection after the first. */
const staysSeconds = figureOf(
  { en: "it was still ESTABLISHED after {} s of silence", zh: "静默 {} s 后仍是 ESTABLISHED" },
  {
    needs: ["sockets"],
    of: (recording) => {
      const { first, last } = socketSeries(recording, WAITING).during("drain");
      if (first === null || last === null) return null;
      return last.value > 0 ? (last.atUs - first.atUs) / 1e6 : 0;
    },
  },
  atLeast(3),
);

const numbers: Rule = {
  id: "C94",
  under: [
    {
      where: {
        en: "with the kernel's defaults (the number of probes counted with 1 s in place of 7200 and 75)",
        zh: "内核默认值（数探测次数时以 1 s 代替 7200 和 75）",
      },
      in: ["keep-alive-probes/defaults", "keep-alive-probes/default-count"],
      asks: [
        byDefault("net.ipv4.tcp_keepalive_time", { en: "{} s of silence", zh: "静默 {} s" }, 7200),
        figureOf(
          { en: "{} s on the socket's timer", zh: "套接字定时器上剩余 {} s" },
          {
            needs: ["sockets"],
            of: (recording) => {
              const rows = exampleRows(recording, { ...WAITING, timer: "keepalive" });
              return rows.length === 0 ? null : Math.max(...rows.map(({ timerMs }) => timerMs)) / 1000;
            },
          },
          atLeast(7000),
        ),
        byDefault("net.ipv4.tcp_keepalive_intvl", { en: "{} s between probes", zh: "探测间隔 {} s" }, 75),
        figureOf(
          { en: "{} probes", zh: "探测 {} 次" },
          { needs: ["packet"], of: (_, counted) => (counted === undefined ? null : probes(counted)) },
          exactly(10),
        ),
      ],
    },
  ],
  beyond: [],
  because: {
    holds: {
      en: "These are what a socket with SO_KEEPALIVE has unless it says otherwise.",
      zh: "设置了 SO_KEEPALIVE 而未另行指定的套接字就是这些数值。",
    },
    refuted: {
      en: "Linux has the 7200 s and the 75 s, but sends 9 probes and not 10, so a peer that is gone is noticed after 7200 + 9 x 75 s. Ten is what TCP/IP Illustrated had in 1994. And only a socket with SO_KEEPALIVE is probed at all.",
      zh: "Linux 的确是 7200 s 和 75 s，但探测是 9 次而不是 10 次：对端消失后经过 7200 + 9 x 75 s 才会发现。“10 次”出自《TCP/IP 详解》（1994）。而且只有设置了 SO_KEEPALIVE 的套接字才会探测。",
    },
  },
};

/** The ends that one peer's connections came to, as the server's program was told: `5 ETIMEDOUT`. */
const endsOf = (program: string, peer: string, name: Text, wanted: string): Question =>
  wordsOf(
    { en: `${name.en}: {}`, zh: `${name.zh}：{}` },
    {
      // Who is told nothing reports nothing.
      needs: ["sockets"],
      of: (recording) => {
        const codes = endsTold(recording, { program, phase: "drain" })
          .filter((end) => end.peer === peer)
          .map(({ code }) => code);
        const kinds = [...new Set(codes)].toSorted();
        return (
          kinds.map((kind) => `${codes.filter((code) => code === kind).length} ${kind}`).join(", ") || "–"
        );
      },
    },
    wanted,
  );

const fourCases = (program: string): [Question, ...Question[]] => [
  endsOf(program, "client", { en: "alive", zh: "主机正常" }, "–"),
  endsOf(program, "crashed", { en: "crashed", zh: "主机崩溃" }, "5 ETIMEDOUT"),
  endsOf(program, "rebooted", { en: "rebooted", zh: "崩溃后已重启" }, "3 ECONNRESET"),
  endsOf(program, "unreachable", { en: "unreachable", zh: "不可达" }, "1 ETIMEDOUT"),
];

const PROBED: Text = {
  en: "probes after 1 s, every second, three times",
  zh: "1 s 后探测，间隔 1 s，共 3 次",
};
const LIMITED: Text = { en: "with TCP_USER_TIMEOUT as well", zh: "同时设置 TCP_USER_TIMEOUT" };
const STOPPED: Text = { en: "when the peer's process is stopped", zh: "对端进程被暂停（SIGSTOP）时" };
const KEEP_ALIVE = "half-open-idle/fixed-by-keepalive";

const cases: Rule = {
  id: "C95",
  under: [{ where: PROBED, in: [KEEP_ALIVE], asks: fourCases("server") }],
  beyond: [
    { where: LIMITED, in: [KEEP_ALIVE], asks: fourCases("limited") },
    { where: STOPPED, in: ["keep-alive-probes/peer-stopped"], asks: [ended("–")] },
  ],
  because: {
    refuted: {
      en: "At least one of the four peers came to another end than the document says.",
      zh: "四种对端中至少有一种的结局与文档不同。",
    },
    holds: {
      en: "Who is there answers; who is gone, or cannot be reached, does not, and the last probe ends the connection with ETIMEDOUT; a stack that was started again knows no such connection and answers with RST. The router's ICMP error changes nothing: Linux ignores one that quotes a probe.",
      zh: "在线的会应答；消失或不可达的不应答，最后一次探测后以 ETIMEDOUT 结束；重启过的协议栈不认识这个连接，回以 RST。路由器的 ICMP 差错不起作用：引用探测报文的差错会被 Linux 忽略。",
    },
  },
};

const alive = (program: string): Question =>
  endsOf(
    program,
    "client",
    { en: "what ended the living peer's connections", zh: "存活对端的连接的结局" },
    "–",
  );

const idlers: Rule = {
  id: "C96",
  under: [
    {
      where: PROBED,
      in: [KEEP_ALIVE],
      asks: [
        alive("server"),
        figureOf(
          { en: "{} idle connections were left", zh: "剩下 {} 条空闲连接" },
          {
            needs: ["sockets"],
            of: (recording) => socketSeries(recording, WAITING).during("drain").last?.value ?? null,
          },
          atLeast(2),
        ),
      ],
    },
  ],
  beyond: [
    { where: LIMITED, in: [KEEP_ALIVE], asks: [alive("limited")] },
    {
      where: STOPPED,
      in: ["keep-alive-probes/peer-stopped"],
      asks: [
        figureOf(
          { en: "{} probes, and it was there all the same", zh: "探测 {} 次，连接依旧" },
          {
            needs: ["packet", "sockets"],
            of: (recording) => (endOf(recording) === "–" ? probes(recording) : null),
          },
          atLeast(3),
        ),
      ],
    },
  ],
  because: {
    refuted: {
      en: "Something ended an idle connection whose peer was there and answered.",
      zh: "对端在线且有应答，空闲连接仍被结束了。",
    },
    holds: {
      en: "A probe asks a kernel whether it knows the connection, and not a program whether it needs it. A peer that only holds its connections, and even one whose process is stopped, answers for ever; to end what is idle is the server's own business.",
      zh: "探测问的是对端内核认不认得这个连接，而不是程序还要不要它。只占着连接不用的对端，甚至进程已被暂停的对端，都会一直应答；清理空闲连接只能靠服务端自己的超时。",
    },
  },
};

const cable: Rule = {
  id: "C97",
  under: [
    {
      where: { en: "the cable out, no SO_KEEPALIVE", zh: "网线断开，未设 SO_KEEPALIVE" },
      in: ["keep-alive-probes/not-asked"],
      asks: [staysSeconds, ended("–")],
    },
    {
      where: {
        en: "the cable out, SO_KEEPALIVE, probes after 1 s, every second, three times",
        zh: "网线断开，设 SO_KEEPALIVE，1 s 后探测，间隔 1 s，共 3 次",
      },
      in: ["keep-alive-probes/three-probes"],
      asks: [ended("ETIMEDOUT")],
    },
  ],
  beyond: [
    {
      where: { en: "SO_KEEPALIVE and the kernel's own times", zh: "设 SO_KEEPALIVE，时间用内核默认值" },
      in: ["keep-alive-probes/defaults"],
      asks: [
        figureOf(
          { en: "the first probe was {} s away", zh: "距第一次探测还有 {} s" },
          {
            needs: ["sockets"],
            of: (recording) => {
              const rows = exampleRows(recording, { ...WAITING, timer: "keepalive" });
              return rows.length === 0 ? null : Math.max(...rows.map(({ timerMs }) => timerMs)) / 1000;
            },
          },
          atMost(600),
        ),
      ],
    },
    {
      where: {
        en: "the same probes, and the server had sent 97 bytes meanwhile",
        zh: "同样的探测参数，但服务端在断线后发送过 97 字节",
      },
      in: ["keep-alive-probes/data-under-way"],
      asks: [ended("ETIMEDOUT")],
    },
  ],
  because: {
    refuted: {
      en: "Either the connection ended without SO_KEEPALIVE, or the probes did not end it.",
      zh: "要么没有 SO_KEEPALIVE 连接也结束了，要么探测没有结束它。",
    },
    "holds-with-limits": {
      en: "Without a segment there is nothing to miss, and no timer runs; with SO_KEEPALIVE the probes find out. But the kernel's own times are two hours and more, and while sent data waits for its acknowledgement no probe leaves at all: then it is tcp_retries2, about a quarter of an hour, or TCP_USER_TIMEOUT.",
      zh: "没有报文往来就察觉不到，也没有定时器在跑；设了 SO_KEEPALIVE，探测会发现。但默认要等两个多小时；而且已发送的数据未被确认期间根本不发探测：那时取决于 tcp_retries2（约一刻钟）或 TCP_USER_TIMEOUT。",
    },
  },
};

export const rules: Rule[] = [numbers, cases, idlers, cable];
