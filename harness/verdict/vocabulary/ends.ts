import { type Ends, endsTold, type EndTold } from "../../measure/ends.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Recording } from "../../model/recording.ts";
import type { HostName } from "../../model/names.ts";
import { BOUND, OBJECT, SELECTOR, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim } from "./claim.ts";
import { duringZh } from "./wording-zh.ts";

const STRANGER = "an unknown peer";

/** How all the connections of one peer end: how many, with which code, and how many seconds after the peer changed. */
export interface PeerEnds {
  count: number;
  code: string;
  seconds?: Bound;
}

/**
 * Which ends of connections those programs report: for each named peer, this number, all with that code; for other peers,
 * none. A program reports an end by a line `{ "kind": "end", "peer": "192.0.2.1", "code": "ETIMEDOUT" }`. Another variant
 * must show that a program which prints no such line had no end to report.
 */
export function connectionsEnd(which: Ends, peers: Record<HostName, PeerEnds>): Claim<Recording> {
  checkArguments("connectionsEnd", { which: [which, SELECTOR], peers: [peers, OBJECT] });
  for (const [peer, ends] of Object.entries(peers)) {
    checkArguments("connectionsEnd", { [`peers.${peer}`]: [ends, OBJECT] });
    if (ends.seconds !== undefined)
      checkArguments("connectionsEnd", { [`peers.${peer}.seconds`]: [ends.seconds, BOUND] });
  }
  const wanted = Object.entries(peers).map(
    ([peer, { count, code, seconds }]) =>
      `${count} of ${peer} with ${code}${seconds === undefined ? "" : ` (after ${seconds.ofAmount("s")})`}`,
  );
  const of = which.program === undefined ? "" : ` of ${which.program}`;
  const when = which.phase === undefined ? "" : `, during ${which.phase}`;
  const sentence =
    wanted.length === 0 ? `no connection${of} ends` : `connections${of} end: ${wanted.join(", ")}`;
  const wantedZh = Object.entries(peers).map(
    ([peer, { count, code, seconds }]) =>
      `与 ${peer} 的 ${count} 条以 ${code} 结束${seconds === undefined ? "" : `（${seconds.zh} 秒之后）`}`,
  );
  const zh = `${duringZh(which.phase)}${which.program === undefined ? "" : ` ${which.program} 的`}连接：${wantedZh.join("，") || "没有结束"}`;
  const test = (recording: Recording): Answer => {
    const seen = endsTold(recording, which);
    const endsOf = (peer: string): EndTold[] => seen.filter((one) => (one.peer ?? STRANGER) === peer);
    const names = [...new Set([...Object.keys(peers), ...seen.map(({ peer }) => peer ?? STRANGER)])];
    const en = names.map((peer) => `${peer}: ${inWords(endsOf(peer))}`).join("; ");
    const inChinese = names.map((peer) => `${peer}：${inWordsZh(endsOf(peer))}`).join("；");
    return answer(
      names.every((peer) => isSo(endsOf(peer), peers[peer])),
      en === "" ? { en: "no end was reported", zh: "没有连接结束的报告" } : { en, zh: inChinese },
    );
  };
  const claimed = { en: `${sentence}${when}`, zh: zh.trim() };
  return claim(claimed, ["program"], test, { given: { ends: which, peers } });
}

function isSo(ends: EndTold[], wanted: PeerEnds | undefined): boolean {
  if (wanted === undefined) return ends.length === 0;
  return (
    ends.length === wanted.count &&
    ends.every(
      ({ code, seconds }) => code === wanted.code && (wanted.seconds?.holds(seconds ?? Number.NaN) ?? true),
    )
  );
}

/** `5 ETIMEDOUT after 3.67 to 3.71 s`. */
function inWords(ends: EndTold[]): string {
  const words = kindsOf(ends).map(({ code, count, first, last }) => {
    if (first === undefined) return `${count} ${code}`;
    return `${count} ${code} after ${first === last ? "" : `${first} to `}${last} s`;
  });
  return words.join(", ") || "none";
}

/** `5 ETIMEDOUT（3.67 到 3.71 秒之后）`. */
function inWordsZh(ends: EndTold[]): string {
  const words = kindsOf(ends).map(({ code, count, first, last }) => {
    if (first === undefined) return `${count} ${code}`;
    return `${count} ${code}（${first === last ? "" : `${first} 到 `}${last} 秒之后）`;
  });
  return words.join("、") || "没有";
}

/** Ends by their code: how many, and after how many seconds the first and the last came. */
function kindsOf(ends: EndTold[]): { code: string; count: number; first?: string; last?: string }[] {
  return [...new Set(ends.map(({ code }) => code))].map((code) => {
    const some = ends.filter((one) => one.code === code);
    const times = some.flatMap(({ seconds }) => seconds ?? []).toSorted((a, b) => a - b);
    const [first, last] = [times[0]?.toFixed(2), times.at(-1)?.toFixed(2)];
    return { code, count: some.length, ...(first !== undefined && last !== undefined && { first, last }) };
  });
}
