import { attempts, outcomeOf } from "../../../measure/attempts.ts";
import { processSeries } from "../../../measure/processes.ts";
import type { Recording } from "../../../model/recording.ts";
import { type Bound, atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { closeWait, left, most, secondsAfter, secondsUntilGone } from "./measures.ts";

const PILE = closeWait(8080);

/** How the clients ended that began after the first that was not answered. */
function sinceTheFirstFailure(recording: Recording): { answered: number; not: number } | null {
  const all = attempts(recording).toSorted((a, b) => a.atUs - b.atUs);
  if (all.length === 0) return null;
  const first = all.findIndex((attempt) => outcomeOf(attempt) !== "ok");
  const later = first < 0 ? [] : all.slice(first);
  const answered = later.filter((attempt) => outcomeOf(attempt) === "ok").length;
  return { answered, not: later.length - answered };
}

const answeredLater = (bound: Bound): Question =>
  figureOf(
    {
      en: "clients answered after the first that was not: {}",
      zh: "出现第一个得不到应答的客户端之后，得到应答的客户端：{} 个",
    },
    { needs: ["attempt"], of: (recording) => sinceTheFirstFailure(recording)?.answered ?? null },
    bound,
  );

const turnedAway = (bound: Bound): Question =>
  figureOf(
    { en: "clients turned away: {} of 97", zh: "97 个客户端中得不到服务的：{} 个" },
    { needs: ["attempt"], of: (recording) => sinceTheFirstFailure(recording)?.not ?? null },
    bound,
  );

const pile: Question = figureOf(
  { en: "the most in CLOSE-WAIT: {}", zh: "CLOSE-WAIT 最多时：{} 个" },
  { needs: ["sockets"], of: (recording) => most(recording, { ...PILE, owner: "listener" }) },
  atLeast(17),
);

const goneAfterKill: Question = figureOf(
  { en: "gone {} s after the process was killed", zh: "进程被杀死 {} 秒后全部消失" },
  {
    needs: ["sockets", "intervention"],
    of: (recording) => secondsAfter(recording, "killed", PILE) ?? Number.POSITIVE_INFINITY,
  },
  atLeast(60),
);

const held = (port: number, words: Text): Question =>
  figureOf(words, { needs: ["sockets"], of: (recording) => left(recording, closeWait(port)) }, atLeast(11));

/** Descriptors that the server of the rogues has at the end beyond those of the one whose clients have left. */
const descriptors: Question = figureOf(
  { en: "descriptors that they hold: {}", zh: "它们占用的描述符：{} 个" },
  {
    needs: ["processes"],
    of: (recording) => {
      const [rogues, leavers] = ["server", "server-left"].map(
        (program) =>
          processSeries(recording, { host: "server", program }, "sockets").during("drain").last?.value,
      );
      return rogues === undefined || leavers === undefined ? null : rogues - leavers;
    },
  },
  atLeast(11),
);

/** What a pile of CLOSE-WAIT takes from a server, how one gets rid of it, and who can make it. */
export const rules: Rule[] = [
  {
    id: "C40a",
    under: [
      {
        where: {
          en: "with 61 descriptors, on a server that waits when accept() fails",
          zh: "61 个描述符、accept() 失败后等待重试的服务器",
        },
        in: ["close-wait-exhaustion/waits"],
        asks: [pile, turnedAway(atLeast(17)), answeredLater(exactly(0))],
      },
      {
        where: { en: "with 61 descriptors, on Node", zh: "61 个描述符、Node 服务器" },
        in: ["close-wait-exhaustion/drops"],
        asks: [pile, turnedAway(atLeast(17)), answeredLater(exactly(0))],
      },
      {
        where: { en: "with 61 descriptors, on a server that closes", zh: "61 个描述符、会 close() 的服务器" },
        in: ["close-wait-exhaustion/closes"],
        asks: [turnedAway(exactly(0))],
      },
    ],
    beyond: [
      {
        where: { en: "with 997 descriptors", zh: "997 个描述符" },
        in: ["close-wait-exhaustion/room"],
        asks: [pile, turnedAway(atLeast(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "each CLOSE-WAIT keeps a descriptor, and at RLIMIT_NOFILE accept() fails with EMFILE: new clients are connected by the kernel and then cut off or never answered, until the accept queue is full too. Below that limit a pile turns nobody away: it is the descriptors that run out, not the state that blocks",
        zh: "每个 CLOSE-WAIT 占一个描述符，达到 RLIMIT_NOFILE 后 accept() 返回 EMFILE：新客户端由内核完成握手，然后被断开或一直得不到应答，直到全连接队列也满。没到上限之前，堆积并不影响新客户端：耗尽的是描述符，而不是状态本身在阻塞",
      },
      holds: {
        en: "the pile took all that the server had, in every arrangement",
        zh: "无论怎样安排，堆积都耗尽了服务器的资源",
      },
      refuted: {
        en: "the server went on answering, with the pile there",
        zh: "尽管堆积着 CLOSE-WAIT，服务器仍能应答新客户端",
      },
    },
  },
  {
    id: "C40b",
    under: [
      {
        where: { en: "when only the server is restarted", zh: "只重启服务进程" },
        in: ["close-wait-exhaustion/restarted"],
        asks: [pile, answeredLater(exactly(0))],
      },
    ],
    beyond: [
      {
        where: { en: "when the process is killed", zh: "杀死进程" },
        in: ["close-wait-ends/no-probes"],
        asks: [goneAfterKill],
      },
      {
        where: { en: "when the program does close, 3 s later", zh: "程序 3 秒后关闭" },
        in: ["close-wait-ends/no-probes"],
        asks: [
          figureOf(
            { en: "CLOSE-WAIT was gone after {} s", zh: "CLOSE-WAIT 在 {} 秒后消失" },
            { needs: ["sockets"], of: (recording) => secondsUntilGone(recording, closeWait(8083)) },
            atLeast(6),
          ),
        ],
      },
    ],
    because: {
      refuted: {
        en: "the sockets are the process's: when it ends, however it ends, the kernel closes every descriptor of it and sends the FINs. Restarting the program is enough, and the leak begins anew",
        zh: "这些套接字属于进程：进程无论怎样结束，内核都会关闭它的全部描述符并发出 FIN。重启程序即可，不必重启系统；但泄漏会重新开始",
      },
      "holds-with-limits": {
        en: "a restart of the server did not help, and something else did",
        zh: "重启服务无效，但别的办法有效",
      },
    },
  },
  {
    id: "C103",
    under: [
      {
        where: {
          en: "against a server that closes when its answer has left, from clients that shut down and do not read",
          zh: "服务器发完应答就关闭；客户端发 FIN 后不再读取",
        },
        in: ["close-wait-held/buggy"],
        asks: [
          held(8080, {
            en: "in CLOSE-WAIT 4.5 s later: {} of 23",
            zh: "4.5 秒后仍在 CLOSE-WAIT：23 个中的 {} 个",
          }),
          descriptors,
        ],
      },
    ],
    beyond: [
      {
        where: { en: "from clients that only connect and send a FIN", zh: "客户端只建连并发 FIN" },
        in: ["close-wait-held/buggy"],
        asks: [
          held(8081, {
            en: "in CLOSE-WAIT at the end: {} of 47",
            zh: "结束时处于 CLOSE-WAIT：47 个中的 {} 个",
          }),
        ],
      },
      {
        where: {
          en: "against a server that gives up who takes nothing for a second",
          zh: "服务器对 1 秒没有进展的连接放弃",
        },
        in: ["close-wait-held/fixed"],
        asks: [
          held(8080, {
            en: "in CLOSE-WAIT 4.5 s later: {} of 23",
            zh: "4.5 秒后仍在 CLOSE-WAIT：23 个中的 {} 个",
          }),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "a FIN alone does nothing to a server that closes. But a client that asks for more than the send buffer takes, sends its FIN and closes its window keeps a correct server in CLOSE-WAIT, because the server's FIN has its place behind the answer; a limit on how long a write may make no progress takes that power away",
        zh: "对会关闭连接的服务器，只发 FIN 毫无作用。但客户端若请求超过发送缓冲区的数据、发出 FIN 后把窗口关死，正确的服务器也会停在 CLOSE-WAIT，因为它的 FIN 排在应答数据之后；给“写无进展”设一个超时就能化解",
      },
      holds: {
        en: "no limit that the server sets keeps the client from it",
        zh: "服务器设什么限制都挡不住客户端",
      },
      refuted: {
        en: "the server left CLOSE-WAIT, whatever the client did: it takes a server that does not close",
        zh: "无论客户端怎么做，服务器都离开了 CLOSE-WAIT：必须服务器自己不关闭才会堆积",
      },
    },
  },
];
