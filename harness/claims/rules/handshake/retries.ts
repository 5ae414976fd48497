import { calls } from "../../../measure/calls.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { between, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { leftAt, mostHalfOpen, sysctlIs } from "./seen.ts";

/** The ports of the experiment handshake-retries: of the SYNs that go nowhere, and of the third segments that do. */
const UNANSWERED = 8080;
const UNFINISHED = 8081;
/** The textbook's: each wait twice the one before, from 1 s. */
const DOUBLING = [0, 1, 3, 7, 15, 31];
/** The sum of all waits, and as late as timers of seconds are. */
const A_MINUTE = between(62.5, 69);

const synsAt = (wanted: number[]): Question =>
  leftAt({ en: "SYNs", zh: "SYN " }, { from: "client", port: UNANSWERED }, wanted);
const synAcksAt = (wanted: number[]): Question =>
  leftAt({ en: "SYN-ACKs", zh: "SYN-ACK " }, { from: "server", port: UNFINISHED }, wanted);

/** How long the first connect() of a trial lasted, and only when it failed: in seconds. */
function gaveUpAfter(recording: Recording): number | null {
  const [begun, over] = calls(recording, { call: "connect" }).filter(
    ({ remotePort }) => remotePort === UNANSWERED,
  );
  return begun === undefined || over?.result !== "ETIMEDOUT" ? null : (over.atUs - begun.atUs) / 1e6;
}

const failedAfter = (bound: Bound): Question =>
  figureOf(
    { en: "connect() failed with ETIMEDOUT after {} s", zh: "connect() 在 {} 秒后以 ETIMEDOUT 失败" },
    { needs: ["report"], of: gaveUpAfter },
    bound,
  );

/** For how long SYN-RECEIVED was seen at the server, in seconds. */
function halfOpenSeconds(recording: Recording): number | null {
  const seen = socketSeries(recording, { host: "server", state: "SYN-RECEIVED" }).points.filter(
    ({ value }) => value > 0,
  );
  const [first, last] = [seen.at(0), seen.at(-1)];
  return first === undefined || last === undefined ? null : (last.atUs - first.atUs) / 1e6;
}

const heldFor: Question = figureOf(
  { en: "the server was in SYN-RECEIVED for {} s", zh: "服务端停留在 SYN_RECV {} 秒" },
  { needs: ["sockets"], of: halfOpenSeconds },
  // It is looked at twice a second, and begins between two looks.
  between(59, 70),
);

/** How many of the requests that were held at once were gone before a minute was over. */
function givenUpEarly(recording: Recording): number | null {
  const last = socketSeries(recording, { host: "server", state: "SYN-RECEIVED" }).last?.value ?? null;
  const most = mostHalfOpen(recording);
  return last === null || most === null || most === 0 ? null : most - last;
}

const DEFAULTS: Text = { en: "with the kernel's defaults", zh: "内核默认值下" };

const synRetries: Rule = {
  id: "C76",
  under: [
    {
      where: DEFAULTS,
      in: ["handshake-retries/defaults"],
      asks: [sysctlIs("client", "net.ipv4.tcp_syn_retries", "5"), synsAt(DOUBLING)],
    },
    {
      where: {
        en: "with tcp_syn_retries = 5 and tcp_syn_linear_timeouts = 0",
        zh: "tcp_syn_retries = 5 且 tcp_syn_linear_timeouts = 0 时",
      },
      in: ["handshake-retries/doubling"],
      asks: [synsAt(DOUBLING), failedAfter(A_MINUTE)],
    },
  ],
  beyond: [],
  because: {
    obsolete: {
      en: "The schedule needs two sysctls set by hand. By default tcp_syn_retries is 6, and since Linux 6.5 the first five waits are one second each (tcp_syn_linear_timeouts = 4), so more SYNs leave and connect() gives up after 131 s",
      zh: "文中的时间表要手工设置两个参数才会出现：如今 tcp_syn_retries 默认为 6，而且自 Linux 6.5 起前五次等待都是 1 秒（tcp_syn_linear_timeouts = 4），重传的 SYN 更多，connect() 约 131 秒后才放弃",
    },
    holds: {
      en: "Each wait is twice the one before it, and after the last SYN the kernel waits once more",
      zh: "每次等待是上一次的两倍，最后一个 SYN 之后还要再等一轮",
    },
  },
  history: {
    text: {
      en: "the default was 5 until Linux 3.6, and the first wait has been 1 s since 3.1: 63 s was true of 3.1 to 3.6",
      zh: "Linux 3.6 及以前默认值为 5，而首次等待自 3.1 起才是 1 秒：63 秒只适用于 3.1 到 3.6",
    },
    source:
      "tcp(7), tcp_syn_retries; Documentation/networking/ip-sysctl.rst, tcp_syn_linear_timeouts; RFC 6298",
  },
};

const synAckRetries: Rule = {
  id: "C77",
  under: [
    {
      where: DEFAULTS,
      in: ["handshake-retries/defaults"],
      asks: [sysctlIs("server", "net.ipv4.tcp_synack_retries", "5"), synAcksAt(DOUBLING), heldFor],
    },
  ],
  beyond: [
    {
      where: {
        en: "when more than half of the backlog is taken by requests that wait",
        zh: "等待中的半连接占了 backlog 的一半以上时",
      },
      in: ["syn-queue-length/short-backlog"],
      asks: [
        figureOf(
          {
            en: "{} of them were given up after two repetitions, within 12 s",
            zh: "其中 {} 个在重传两次后、12 秒之内就被放弃",
          },
          { needs: ["sockets"], of: givenUpEarly },
          exactly(0),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "SYN-ACKs double from 1 s and linear timeouts do not concern them; but a crowded listener gives up old requests after two repetitions (7 s), to keep half of the room for new ones",
      zh: "SYN-ACK 的间隔确实从 1 秒起加倍，也不受线性超时影响；但监听套接字拥挤时，内核会在重传两次之后（约 7 秒）放弃旧的半连接，给新来的留出一半位置",
    },
    holds: {
      en: "SYN-ACKs double from 1 s, whoever else waits",
      zh: "SYN-ACK 的间隔从 1 秒起加倍，与其他等待者无关",
    },
    refuted: {
      en: "this kernel repeats SYN-ACKs by another schedule, or has another default",
      zh: "这个内核按另一种时间表重传 SYN-ACK，或默认值不同",
    },
  },
};

/** By how many seconds fewer retries made connect() fail sooner. */
const sooner = (words: Text): Question =>
  question(["report"], (few, many) => {
    const [first, second] = [few, many].map((one) => (one === undefined ? null : gaveUpAfter(one)));
    const known = typeof first === "number" && typeof second === "number";
    const said = (text: string): string =>
      text.replace("{}", first?.toFixed(1) ?? "?").replace("{}", second?.toFixed(1) ?? "?");
    return {
      holds: known ? first < second - 1 : null,
      observed: { en: said(words.en), zh: said(words.zh) },
    };
  });

const fewerRetries: Rule = {
  id: "C264",
  under: [
    {
      where: { en: "without linear timeouts", zh: "不用线性超时" },
      in: ["syn-unanswered/one-retry", "syn-unanswered/two-retries"],
      asks: [
        sooner({
          en: "connect() failed after {} s with one retry and after {} s with two",
          zh: "重试一次时 connect() 在 {} 秒后失败，两次时为 {} 秒",
        }),
      ],
    },
  ],
  beyond: [
    {
      where: {
        en: "with the linear timeouts that are the default now, which send more SYNs",
        zh: "用如今默认的线性超时（会多发几个 SYN）",
      },
      in: ["syn-unanswered/one-retry", "syn-unanswered/linear"],
      asks: [
        sooner({
          en: "{} s with one retry, {} s with two and linear timeouts",
          zh: "重试一次为 {} 秒，两次加线性超时为 {} 秒",
        }),
      ],
    },
  ],
  because: {
    holds: {
      en: "tcp_syn_retries bounds the time, not the number of SYNs: one retry is 3 s, two are 7 s, with linear timeouts too.",
      zh: "tcp_syn_retries 限定的是总时间而不是 SYN 的个数：一次为 3 秒，两次为 7 秒，线性超时下也一样",
    },
  },
};

export const rules: Rule[] = [synRetries, synAckRetries, fewerRetries];
