import { socketSeries } from "../../../measure/sockets.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { allServed, someTurnedAway } from "./answers.ts";

/** How many connections the server still holds when all is over. */
const heldAtTheEnd = (bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "the server still held {} connections at the end", zh: "结束时服务器手里还有 {} 个连接" },
    {
      needs: ["sockets"],
      of: (recording) =>
        socketSeries(recording, { host: "server", side: "listener", state: "ESTABLISHED" }).last?.value ??
        null,
    },
    bound,
  );

const timeWaitLeft: Question = figureOf(
  { en: "{} connections were in TIME-WAIT at the server", zh: "服务器上有 {} 个连接处于 TIME-WAIT" },
  {
    needs: ["sockets"],
    of: (recording) =>
      socketSeries(recording, { host: "server", side: "listener", state: "TIME-WAIT" }).last?.value ?? null,
  },
  exactly(0),
);

export const rules: Rule[] = [
  {
    id: "C107",
    under: [
      {
        where: { en: "where clients keep their connections for ever", zh: "客户端一直不关闭连接" },
        in: ["idle-connection-hoard/buggy"],
        asks: [heldAtTheEnd(atLeast(23)), someTurnedAway],
      },
      {
        where: { en: "where the server closes what is idle", zh: "服务器关闭空闲连接" },
        in: ["idle-connection-hoard/fixed"],
        asks: [heldAtTheEnd(atMost(2)), allServed],
      },
    ],
    beyond: [
      {
        where: {
          en: "where the server closes what is idle, and each connection says a line now and then",
          zh: "服务器关闭空闲连接，而每个连接隔一会儿就说一句话",
        },
        in: ["connection-limits/trickle"],
        asks: [allServed],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "descriptors run out and newcomers are turned away; an idle timeout gives them back, but only from those who are silent: a client that sends a byte in time keeps everything",
        zh: "描述符用尽，新来的客户端被拒；空闲超时能把描述符收回来，但只收得回沉默的连接：客户端按时发一个字节，就什么都不会被收走",
      },
      holds: {
        en: "descriptors ran out, and an idle timeout gave them back, from clients that talk too",
        zh: "描述符用尽之后，空闲超时把它们收了回来，连不断说话的客户端也不例外",
      },
      refuted: {
        en: "the server went on taking newcomers, or an idle timeout did not help it",
        zh: "服务器照样接待新客户端，或者空闲超时帮不上忙",
      },
    },
  },
  {
    id: "C108",
    under: [
      {
        where: {
          en: "one client that wants all, and a limit for each address",
          zh: "一个客户端想占满，服务器按地址限制",
        },
        in: ["idle-connection-hoard/fixed-by-limit"],
        asks: [allServed],
      },
      {
        where: { en: "the same client, and no limit", zh: "同一个客户端，没有限制" },
        in: ["idle-connection-hoard/buggy"],
        asks: [someTurnedAway],
      },
    ],
    beyond: [
      {
        where: { en: "several machines that each keep to the limit", zh: "好几台机器，每台都不超过限制" },
        in: ["connection-limits/many-machines"],
        asks: [allServed],
      },
      {
        where: {
          en: "clients who share an address with the one that took its limit, as behind NAT",
          zh: "与占满限额者共用一个地址的客户端，例如在 NAT 后面",
        },
        in: ["connection-limits/shared-address"],
        asks: [allServed],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "one address can no longer take everything; but the server sees addresses and not machines: several of them together still fill it, and all who share one address share its limit",
        zh: "单个地址再也占不满服务器；但服务器看到的是地址，不是机器：几个地址合起来照样能占满，而共用一个地址的客户端也共用一份限额，谈不上“完全避免”",
      },
      holds: {
        en: "nobody who kept to the rules was turned away, not even beside the one who did not",
        zh: "守规矩的客户端没有一个被拒，哪怕与占满限额者共用地址",
      },
      refuted: {
        en: "the others were turned away in spite of the limit, or would not have been without it",
        zh: "有了限制其他客户端还是被拒，或者没有限制也不会被拒",
      },
    },
  },
  {
    id: "C271",
    under: [
      {
        where: {
          en: "clients that ask, before a server that answers and closes",
          zh: "客户端发请求，服务器应答后关闭",
        },
        in: ["connection-limits/short"],
        asks: [heldAtTheEnd(exactly(0)), allServed],
      },
    ],
    beyond: [
      {
        where: { en: "a client that connects and asks for nothing", zh: "客户端只连接、不发请求" },
        in: ["connection-limits/short-silent"],
        asks: [heldAtTheEnd(exactly(0)), allServed],
      },
      {
        where: { en: "after those that asked", zh: "请求都结束之后" },
        in: ["connection-limits/short"],
        asks: [timeWaitLeft],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "a server closes after its answer, so a client that never asks is never closed: it needs a timeout all the same; and what was useful stays behind for a minute as TIME-WAIT, without a descriptor",
        zh: "服务器在应答之后才关闭，从不发请求的客户端也就从不被关闭，所以照样需要超时；用过的连接还会以 TIME-WAIT 的样子留一分钟，只是不占描述符",
      },
      holds: {
        en: "nothing was left, not even of clients that asked for nothing",
        zh: "什么也没有留下，包括只连接不请求的客户端",
      },
      refuted: {
        en: "connections stayed though each was answered and closed",
        zh: "每个连接都应答并关闭了，却仍有连接留下",
      },
    },
  },
];
