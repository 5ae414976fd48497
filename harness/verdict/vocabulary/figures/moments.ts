import { betweenMs, type Happening } from "../../../measure/moments.ts";
import type { SampleKind } from "../../../model/sample.ts";
import type { Text } from "../../../model/text.ts";
import type { Figure } from "../figure.ts";
import { segmentsInFull } from "../wording.ts";
import { segmentsInFullZh } from "../wording-zh.ts";

/** The time from one event to another. Negative when the second came first. */
export const timeBetween = (from: Happening, to: Happening, unit: "ms" | "s" = "ms"): Figure => ({
  name: {
    en: `from ${inWords(from).en} to ${inWords(to).en}`,
    zh: `从“${inWords(from).zh}”到“${inWords(to).zh}”`,
  },
  needs: [...new Set([...needs(from), ...needs(to)])],
  unit,
  of: (recording) => {
    const ms = betweenMs(recording, from, to);
    return ms === null || unit === "ms" ? ms : ms / 1000;
  },
});

function inWords(one: Happening): Text {
  if ("segment" in one) {
    const [en, zh] = [segmentsInFull(one.segment), segmentsInFullZh(one.segment)];
    return one.is === "sent"
      ? { en: `the sending of a segment${en}`, zh: `${zh}报文段离开` }
      : { en: `the arrival of a segment${en}`, zh: `${zh}报文段到达` };
  }
  if ("acknowledged" in one) return { en: "its acknowledgement", zh: "对它的确认离开" };
  if ("seen" in one) return { en: `${one.seen} on ${one.at}`, zh: `${one.at} 处于 ${one.seen}` };
  const { call: which, is, nth = 0, result } = one;
  const called = `${which.call ?? "a call"}()${result === undefined ? "" : ` = ${result}`}`;
  const of = which.program === undefined ? "" : ` of ${which.program}`;
  const place = nth === 0 ? { en: "", zh: "" } : { en: ` (number ${nth + 1})`, zh: `（第 ${nth + 1} 次）` };
  return {
    en: `${is === "begun" ? "the call" : "the return"} of ${called}${of}${place.en}`,
    zh: `${which.program === undefined ? "" : `${which.program} 的 `}${called}${place.zh}${is === "begun" ? "被调用" : "返回"}`,
  };
}

function needs(one: Happening): SampleKind[] {
  if ("segment" in one || "acknowledged" in one) return ["packet"];
  return "seen" in one ? ["packet", "sockets"] : ["report"];
}
