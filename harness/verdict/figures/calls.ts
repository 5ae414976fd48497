import { calls, type CallMade, type Calls, countReturned, resultOf } from "../../measure/calls.ts";
import { ageAtReuseMs, differentPorts, medianPortStep, portsNear } from "../../measure/ports.ts";
import {
  listenersAfterCrash,
  portTaken,
  refusedAttempts,
  refusedSeconds,
  statesBesideTimeWait,
  unexpectedBytes,
} from "../../measure/second-listener.ts";
import {
  bytesAcknowledged,
  bytesRead,
  bytesReadAfterFin,
  bytesWritten,
  closeMs,
  failedCalls,
  lingerSeconds,
  recvGave,
} from "../../measure/transfer.ts";
import type { ProgramName } from "../../model/names.ts";
import type { Text } from "../../model/text.ts";
import type { Figure, Reading } from "../figure.ts";

/** `connect() of client to port 8081`, and in Chinese `client 到 8081 端口的 connect()`. */
function named({ program, call = "any call", remotePort }: Calls): Text {
  const called = call.endsWith(")") ? call : `${call}()`;
  const to =
    remotePort === undefined
      ? { en: "", zh: "" }
      : { en: ` to port ${remotePort}`, zh: `到 ${remotePort} 端口` };
  return {
    en: `${called}${program === undefined ? "" : ` of ${program}`}${to.en}`,
    zh: `${program === undefined ? "" : `${program} `}${to.zh}${program === undefined && to.zh === "" ? "" : "的 "}${called}`,
  };
}

const REPORT = { needs: ["report"] } satisfies Pick<Figure, "needs">;

/** What one of the calls that returned came to: the n-th, from 0, or the last. */
export const resultIs = (which: Calls, nth: number | "last" = 0): Reading => {
  const { en, zh } = named(which);
  const place =
    nth === 0
      ? { en: "", zh: "" }
      : nth === "last"
        ? { en: "the last ", zh: "最后一次 " }
        : { en: `number ${nth + 1} of `, zh: `第 ${nth + 1} 次 ` };
  return {
    name: { en: `${place.en}${en} returned`, zh: `${place.zh}${zh} 返回` },
    needs: ["report"],
    of: (recording) => resultOf(recording, which, nth),
  };
};

/** How many of the calls that returned are wanted: "failed", "gave a descriptor". */
export const callsThat = (words: Text, which: Calls, wanted: (call: CallMade) => boolean): Figure => ({
  ...REPORT,
  name: { en: `${named(which).en} that ${words.en}`, zh: `${named(which).zh} 中${words.zh}的次数` },
  of: (recording) => countReturned(recording, which, wanted),
});

/** How many of them failed. */
export const callsFailed = (which: Calls): Figure =>
  callsThat({ en: "failed", zh: "失败" }, which, ({ result }) => result !== 0);

/** How many calls were reported. */
export const callsMade = (which: Calls): Figure => ({
  name: { en: `calls of ${named(which).en}`, zh: `${named(which).zh} 的次数` },
  needs: [],
  of: (recording) => calls(recording, which).length,
});

/** Which of a program's calls failed, and how; `none` where none did. */
export const failuresOf = (program: ProgramName): Reading => ({
  ...REPORT,
  name: { en: `calls of ${program} that failed`, zh: `${program} 出错的调用` },
  of: (recording) =>
    failedCalls(recording, program)
      .map(({ call, result }) => `${call}() = ${result}`)
      .join(", ") || "none",
});

/** What a program's n-th recv() gave, or its last: all its bytes, or those of a former connection. */
export const recvBytes = (
  program: ProgramName,
  nth: number | "last",
  what: "bytes" | "foreign" = "bytes",
): Figure => ({
  ...REPORT,
  name:
    what === "bytes"
      ? {
          en: `bytes that ${nth === "last" ? "the last " : ""}recv() of ${program} gave`,
          zh: `${program} ${nth === "last" ? "最后一次 " : ""}recv() 读到的字节`,
        }
      : {
          en: `bytes of the former connection that ${program} read as the new one's`,
          zh: `${program} 当作新连接数据读走的旧连接字节`,
        },
  of: (recording) => recvGave(recording, program, nth, what),
});

/** What a program wrote to its connections. */
export const written = (program: ProgramName): Figure => ({
  ...REPORT,
  name: { en: `bytes that ${program} wrote`, zh: `${program} 写入的字节` },
  of: (recording) => bytesWritten(recording, program),
});

/** What a program read from its connections. */
export const received = (program: ProgramName): Figure => ({
  ...REPORT,
  name: { en: `bytes that ${program} received`, zh: `${program} 收到的字节` },
  of: (recording) => bytesRead(recording, program),
});

/** How much of what the server wrote was acknowledged. */
export const acknowledgedBytes = (): Figure => ({
  name: { en: "bytes of it that client's kernel acknowledged", zh: "其中 client 内核确认的字节" },
  needs: ["packet", "report"],
  of: bytesAcknowledged,
});

/** What the client read when its FIN was out. */
export const readAfterFin = (): Figure => ({
  name: { en: "bytes that client read after its FIN", zh: "client 发出 FIN 之后读到的字节" },
  needs: ["packet", "report"],
  of: bytesReadAfterFin,
});

/** How long a program's first close() took. */
export const closeTook = (program: ProgramName, unit: "ms" | "s" = "ms"): Figure => ({
  ...REPORT,
  name: { en: `close() of ${program} took`, zh: `${program} 的 close() 用时` },
  unit,
  of: (recording) => {
    const ms = closeMs(recording, program);
    return ms === null || unit === "ms" ? ms : ms / 1000;
  },
});

/** The time that a program gave to SO_LINGER. */
export const lingerAsked = (program: ProgramName): Figure => ({
  ...REPORT,
  name: { en: `the time that ${program} gave to SO_LINGER`, zh: `${program} 为 SO_LINGER 设的时间` },
  unit: "s",
  of: (recording) => lingerSeconds(recording, program),
});

/** How many different ports the client's connect() took. */
export const portsUsed = (): Figure => ({
  ...REPORT,
  name: { en: "different ports that connect() took", zh: "connect() 占用的不同端口" },
  of: differentPorts,
});

/** How many of them were at most so much above the one before. */
export const portsWithin = (most: number): Figure => ({
  ...REPORT,
  name: {
    en: `ports that were above the one before by 1 to ${most}`,
    zh: `比上一个端口大 1 到 ${most} 的端口`,
  },
  of: (recording) => portsNear(recording, most),
});

/** How far each was from the one before, in the median. */
export const portStep = (): Figure => ({
  ...REPORT,
  name: { en: "from one port to the next, in the median", zh: "相邻端口之差的中位数" },
  of: medianPortStep,
});

/** How old a TIME-WAIT was when its port was first used again. */
export const ageAtReuse = (): Figure => ({
  ...REPORT,
  name: {
    en: "the age of the first TIME-WAIT whose port had a connection again",
    zh: "首个端口又建立连接的 TIME-WAIT 的存在时间",
  },
  unit: "ms",
  of: (recording) => ageAtReuseMs(recording, 8080),
});

const CRASH = { needs: ["report", "intervention"] } satisfies Pick<Figure, "needs">;

/** For how long the port was refused after a crash. */
export const refusedFor = (): Figure => ({
  ...CRASH,
  name: { en: "the port was refused after the crash for", zh: "崩溃之后端口被拒绝" },
  unit: "s",
  of: refusedSeconds,
});

/** How many attempts to listen came to nothing after a crash. */
export const refusals = (): Figure => ({
  ...CRASH,
  name: { en: "attempts to listen that were refused after the crash", zh: "崩溃之后被拒绝的监听尝试" },
  of: refusedAttempts,
});

/** How many came to a listener. */
export const listenersAgain = (): Figure => ({
  ...CRASH,
  name: { en: "attempts to listen that succeeded after the crash", zh: "崩溃之后成功的监听" },
  of: listenersAfterCrash,
});

/** The states besides TIME-WAIT in which the server's ends were when it listened for the last time. */
export const statesAtListening = (): Reading => ({
  name: {
    en: "states of the port's connections when the server listened again",
    zh: "server 重新监听时该端口连接的状态",
  },
  needs: ["report", "sockets"],
  of: statesBesideTimeWait,
});

/** How many of the attempts of another program to listen succeeded, from the one to before the other. */
export const takenBy = (from: number, to: number): Figure => ({
  ...REPORT,
  name: {
    en: `attempts of another program to listen there that succeeded, of ${to - from}`,
    zh: `另一个程序去监听的 ${to - from} 次中成功的`,
  },
  of: (recording) => portTaken(recording, from, to),
});

/** What the new server read that was not written to it. */
export const strayBytes = (): Figure => ({
  ...REPORT,
  name: {
    en: "bytes that reached the new server beside those of its own connection",
    zh: "除自己连接的数据外新进程收到的字节",
  },
  of: unexpectedBytes,
});
