import type { Evidence } from "../../measure/evidence.ts";
import { lasted, secondsFirstToLast } from "../../measure/lasting.ts";
import { socketSeries, type Sockets } from "../../measure/sockets.ts";
import type { PhaseName } from "../../model/names.ts";
import type { Text } from "../../model/text.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { figure, socketsInFull } from "./wording.ts";
import { socketsInFullZh } from "./wording-zh.ts";

/** That such sockets last so many seconds. Sockets that outlast the trial can only show that they last longer than the bound. */
export function socketsLast(which: Sockets, bound: Bound): Claim<Evidence> {
  const { en, zh } = named(which);
  const sentence = { en: `${en} last ${bound.ofAmount("s")}`, zh: `${zh}持续${bound.zh} s` };
  return claim(
    sentence,
    ["sockets"],
    (evidence) => {
      const seen = lasted(evidence, which);
      if (seen === null) return answer(null, { en: `${en} lasted ? s`, zh: `${zh}持续 ? s` });
      const { seconds, isOver } = seen;
      const value = `${isOver ? "" : ">= "}${figure(seconds)} s`;
      const holds = seconds > bound.most ? false : isOver ? seconds >= bound.least : null;
      return answer(holds, { en: `${en} lasted ${value}`, zh: `${zh}持续 ${value}` });
    },
    { ofEveryLook: everyLook("sockets", which) },
  );
}

/** That such sockets are still in the trial's last sample, after so many seconds or more. */
export function socketsOutlast(which: Sockets, leastSeconds: number): Claim<Evidence> {
  const { en, zh } = named(which);
  const sentence = {
    en: `${en} outlast the trial: they last ${leastSeconds} s or more`,
    zh: `${zh}直到试验结束仍在，至少 ${leastSeconds} s`,
  };
  return claim(sentence, ["sockets"], (evidence) => {
    const seen = lasted(evidence, which);
    if (seen === null) return answer(null, { en: `${en} lasted ? s`, zh: `${zh}持续 ? s` });
    const holds = seen.isOver ? false : seen.seconds >= leastSeconds ? true : null;
    return answer(holds, endWords({ en, zh }, seen.seconds, seen.isOver));
  });
}

/** That such sockets are still in the last sample of a phase. */
export function socketsStillThere(phase: PhaseName, which: Sockets): Claim<Evidence> {
  const { en, zh } = named(which);
  const sentence = { en: `${en} are still there at the end of ${phase}`, zh: `${phase} 阶段结束时仍有${zh}` };
  return claim(sentence, ["sockets"], (evidence) => {
    const seconds = secondsFirstToLast(evidence, which);
    const last = socketSeries(evidence, which).during(phase).last?.value ?? null;
    if (seconds === null || last === null)
      return answer(null, { en: `${en} lasted ? s`, zh: `${zh}持续 ? s` });
    return answer(last > 0, endWords({ en, zh }, seconds, last === 0));
  });
}

function endWords({ en, zh }: Text, seconds: number, isOver: boolean): Text {
  const end = isOver
    ? { en: "were then gone", zh: "之后消失" }
    : { en: "were still there at the end", zh: "直到最后仍在" };
  return {
    en: `${en} lasted ${figure(seconds)} s and ${end.en}`,
    zh: `${zh}持续 ${figure(seconds)} s，${end.zh}`,
  };
}

function named(which: Sockets): Text {
  return { en: socketsInFull(which, 2, which.host), zh: socketsInFullZh(which, which.host) };
}
