import { attempts, connectionsMade } from "../../../measure/attempts.ts";
import { counterDelta } from "../../../measure/counters.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { percentile } from "../../../measure/percentile.ts";
import { processSeries } from "../../../measure/processes.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { SampleKind } from "../../../model/sample.ts";
import { figure } from "../../../verdict/wording.ts";
import { question } from "../../former.ts";
import type { Question, Text } from "../../former.ts";
import { medianMs } from "./answers.ts";

/** A saving of less than a quarter is not told from none on a busy machine. */
const WORTH = 0.75;
/** One stall of such a machine makes a whole page late, and its median request not. */
const WORTH_OF_A_WHOLE = 0.95;

/** From the beginning of the first request to the end of the last answer, in milliseconds. */
function pageMs(recording: Recording): number | null {
  const all = attempts(recording, { program: "load" });
  if (all.length === 0 || all.some(({ totalMs }) => totalMs === null)) return null;
  const beginUs = Math.min(...all.map(({ atUs }) => atUs));
  return Math.max(...all.map(({ atUs, totalMs }) => (atUs - beginUs) / 1000 + (totalMs ?? 0)));
}

/** Segments that the client sent and received. */
function segments(recording: Recording): number | null {
  const sent = counterDelta(recording, { counter: "TcpOutSegs", host: "client" });
  const received = counterDelta(recording, { counter: "TcpInSegs", host: "client" });
  return sent === null || received === null ? null : sent + received;
}

function heldAtOnce(recording: Recording): number | null {
  const which = { host: "server", side: "listener", state: "ESTABLISHED" } as const;
  return socketSeries(recording, which).peak?.value ?? null;
}

/** The sizes of the kernel's objects for each socket; where they may not be read, what its memory grew by in the step in the middle. */
function bytesEach(recording: Recording): number | null {
  const steps = samplesOf(recording, "report").filter(({ report }) => report["kind"] === "step");
  const [exact] = steps.flatMap(({ report: { objectBytes } }) =>
    typeof objectBytes === "number" ? [objectBytes] : [],
  );
  const grew = steps.flatMap(({ report: { sockets, grewBytes } }) =>
    typeof sockets === "number" && typeof grewBytes === "number" && sockets > 0 ? [grewBytes / sockets] : [],
  );
  return exact ?? percentile(grew, 50);
}

function descriptors(recording: Recording): number | null {
  return processSeries(recording, { program: "ends" }, "descriptors").peak?.value ?? null;
}

/** Something that two recordings have more or less of. */
export interface Measure {
  needs: SampleKind[];
  of: (recording: Recording) => number | null;
  words: Text;
  unit?: "ms" | "B";
  /** What part of it is clearly less; WORTH when absent. */
  worth?: number;
}

export const PAGE: Measure = {
  needs: ["attempt"],
  of: pageMs,
  unit: "ms",
  worth: WORTH_OF_A_WHOLE,
  words: { en: "until the page was whole", zh: "取完整个页面" },
};
export const SEGMENTS: Measure = {
  needs: ["counters"],
  of: segments,
  words: { en: "segments", zh: "报文段" },
};
export const HANDSHAKES: Measure = {
  needs: ["attempt"],
  of: (recording) => connectionsMade(recording, { program: "load" }),
  words: { en: "handshakes", zh: "握手" },
};
export const REQUEST: Measure = {
  needs: ["attempt"],
  of: (recording) => medianMs(recording),
  unit: "ms",
  words: { en: "a request in the median", zh: "请求时间的中位数" },
};
export const HELD: Measure = {
  needs: ["sockets"],
  of: heldAtOnce,
  words: { en: "connections held by the server at once", zh: "服务器同时占着的连接" },
};
export const BYTES: Measure = {
  needs: ["report"],
  of: bytesEach,
  unit: "B",
  words: { en: "of the kernel's memory for each", zh: "每个占用的内核内存" },
};
export const DESCRIPTORS: Measure = {
  needs: ["processes"],
  of: descriptors,
  words: { en: "descriptors", zh: "描述符" },
};

/** That the second recording has clearly less of something than the first. `names` are those of the two. */
export function less({ needs, of, words, unit, worth = WORTH }: Measure, names: [Text, Text]): Question {
  return question(needs, (...recordings) => {
    const [a = null, b = null] = recordings.map((recording) => of(recording));
    const said = (value: number | null): string =>
      `${value === null ? "?" : figure(value)}${unit === undefined ? "" : ` ${unit}`}`;
    const [first, second] = names;
    return {
      holds: a === null || b === null ? null : b < worth * a,
      observed: {
        en: `${words.en}: ${said(a)} (${first.en}), ${said(b)} (${second.en})`,
        zh: `${words.zh}：${said(a)}（${first.zh}），${said(b)}（${second.zh}）`,
      },
    };
  });
}
