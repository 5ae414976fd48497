import { type Counter, counterDelta } from "../../measure/counters.ts";
import { type Evidence, samplesOf } from "../../measure/evidence.ts";
import { type FullestQueue, fullestQueue, isNearlyFull, type Listeners } from "../../measure/listeners.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Text } from "../../model/text.ts";
import { BOUND, SELECTOR, checkArguments } from "./arguments.ts";
import { type Bound, rangeOf } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { counterOf } from "./figures/hosts.ts";
import { countOf, onHost, seconds } from "./wording.ts";
import { onHostZh } from "./wording-zh.ts";

/** How far a counter moves from the trial's start to its last sample. */
export function counterMoved(which: Counter, bound: Bound): Claim<Evidence> {
  checkArguments("counterMoved", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const sentence = {
    en: `${which.counter} rises by ${bound.ofAmount("")}${onHost(which.host)}`,
    zh: `${onHostZh(which.host)} ${which.counter} 增加${bound.zh}`.trim(),
  };
  const about = counterOf(which);
  return claim(sentence, ["counters"], (evidence) => moved(evidence, which, bound.holds), {
    about,
    given: { counter: which, change: bound },
    metered: { of: "counter", counter: which.counter, is: rangeOf(bound) },
  });
}

/** That a counter does not move in the whole trial. */
export function counterStill(which: Counter): Claim<Evidence> {
  checkArguments("counterStill", { which: [which, SELECTOR] });
  const sentence = {
    en: `${which.counter} does not move${onHost(which.host)}`,
    zh: `${onHostZh(which.host)} ${which.counter} 不变`.trim(),
  };
  const about = counterOf(which);
  return claim(sentence, ["counters"], (evidence) => moved(evidence, which, (delta) => delta === 0), {
    about,
    given: { counter: which },
    metered: { of: "counter", counter: which.counter, is: { atMost: 0 } },
  });
}

/** That some sample shows the accept queue of one of those listeners full: it holds one connection more than its backlog. */
export function acceptQueueFull(which: Listeners = {}): Claim<Evidence> {
  checkArguments("acceptQueueFull", { which: [which, SELECTOR] });
  const { en, zh } = acceptQueue(which);
  const sentence = { en: `${en} is full in at least one sample`, zh: `至少有一次观测到${zh}已满` };
  return claim(sentence, ["listeners"], (evidence) => fullness(evidence, which, isFull), {
    given: { listeners: which },
    metered: { of: "accept queue", is: "full" },
  });
}

/** That some sample shows the accept queue of one of those listeners full, or nearly: a place or a few below its limit. */
export function acceptQueueNearlyFull(which: Listeners = {}): Claim<Evidence> {
  checkArguments("acceptQueueNearlyFull", { which: [which, SELECTOR] });
  const { en, zh } = acceptQueue(which);
  const sentence = {
    en: `${en} is full, or nearly, in at least one sample`,
    zh: `至少有一次观测到${zh}已满或将满`,
  };
  return claim(sentence, ["listeners"], (evidence) => fullness(evidence, which, isNearlyFull), {
    given: { listeners: which },
    metered: { of: "accept queue", is: "nearly full" },
  });
}

/** That in every sample the accept queues of all those listeners have room. There must be at least one listener. */
export function acceptQueueNeverFull(which: Listeners = {}): Claim<Evidence> {
  checkArguments("acceptQueueNeverFull", { which: [which, SELECTOR] });
  const test = (evidence: Evidence): Answer => {
    const fullest = fullestQueue(evidence, which);
    if (fullest !== null) return answer(!isFull(fullest), queueWords(fullest));
    return answer(null, unseen(which, samplesOf(evidence, "listeners", which.host).length > 0));
  };
  const { en, zh } = acceptQueue(which);
  const sentence = { en: `${en} is not full in any sample`, zh: `没有一次观测到${zh}已满` };
  return claim(sentence, ["listeners"], test, {
    ofEveryLook: everyLook("listeners", which),
    given: { listeners: which },
  });
}

function moved(evidence: Evidence, which: Counter, holds: (delta: number) => boolean): Answer {
  const delta = counterDelta(evidence, which);
  if (delta === null) {
    return answer(null, {
      en: `no counters were sampled${onHost(which.host)}`,
      zh: `没有观测${onHostZh(which.host)}计数器`,
    });
  }
  const by = Math.abs(delta);
  const how: Text =
    delta === 0
      ? { en: "did not move", zh: "没有变化" }
      : { en: `${delta > 0 ? "rose" : "fell"} by ${by}`, zh: `${delta > 0 ? "增加" : "减少"} ${by}` };
  return answer(holds(delta), { en: `${which.counter} ${how.en}`, zh: `${which.counter} ${how.zh}` });
}

function fullness(evidence: Evidence, which: Listeners, is: (fullest: FullestQueue) => boolean): Answer {
  const fullest = fullestQueue(evidence, which);
  if (fullest !== null) return answer(is(fullest), queueWords(fullest));
  const looked = samplesOf(evidence, "listeners", which.host).length > 0;
  return answer(looked ? false : null, unseen(which, looked));
}

function isFull({ queue, backlog }: FullestQueue): boolean {
  return queue > backlog;
}

function unseen(which: Listeners, looked: boolean): Text {
  if (!looked) {
    return {
      en: `no listeners were sampled${onHost(which.host)}`,
      zh: `没有观测${onHostZh(which.host)}监听套接字`,
    };
  }
  return {
    en: `no listener was found${which.port === undefined ? "" : ` on port ${which.port}`}${onHost(which.host)}`,
    zh: `${onHostZh(which.host)}没有看到${which.port === undefined ? "" : ` ${which.port} 端口的`}监听套接字`,
  };
}

function queueWords({ queue, backlog, port, atUs }: FullestQueue): Text {
  const waiting = `${countOf(queue, "connection")} waited for accept()`;
  return {
    en: `at its fullest, ${waiting} with a backlog of ${backlog} (port ${port}, ${seconds(atUs)})`,
    zh: `最满时有 ${queue} 个连接在等 accept()，backlog 为 ${backlog}（${port} 端口，${seconds(atUs)}）`,
  };
}

function acceptQueue({ port, host }: Listeners): Text {
  return {
    en: `the accept queue${port === undefined ? "" : ` of port ${port}`}${onHost(host)}`,
    zh: `${onHostZh(host)}${port === undefined ? "" : ` ${port} 端口的`}全连接队列`,
  };
}
