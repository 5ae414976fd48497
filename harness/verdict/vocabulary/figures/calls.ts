import {
  calls,
  type CallMade,
  type Calls,
  countReturned,
  resultOf,
  returnedCalls,
} from "../../../measure/calls.ts";
import {
  ageAtReuseMs,
  differentPorts,
  medianPortStep,
  portDifferences,
  portsNear,
} from "../../../measure/ports.ts";
import {
  listenersAfterCrash,
  portTaken,
  refusedAttempts,
  refusedSeconds,
  statesBesideTimeWait,
  unexpectedBytes,
} from "../../../measure/second-listener.ts";
import {
  bytesAcknowledged,
  bytesRead,
  bytesReadAfterFin,
  bytesWritten,
  closeMs,
  failedCalls,
  lingerSeconds,
  recvGave,
} from "../../../measure/transfer.ts";
import { type Sockets, socketSeries } from "../../../measure/sockets.ts";
import type { ProgramName } from "../../../model/names.ts";
import type { Text } from "../../../model/text.ts";
import { type Figure, measuredIn, type Reading } from "../figure.ts";

/** `the 2nd connect() of client to port 8081`, and in Chinese `client 第 2 次到 8081 端口的 connect()`. */
function named({ program, call, remotePort }: Calls, nth: number | "last" = 0): Text {
  const called = call === undefined ? null : call.endsWith(")") ? call : `${call}()`;
  const of = program === undefined ? "" : ` of ${program}`;
  const to = remotePort === undefined ? "" : ` to port ${remotePort}`;
  const toZh = remotePort === undefined ? "" : `到 ${remotePort} 端口的`;
  const place = PLACES[nth] ?? { en: `the ${Number(nth) + 1}th `, zh: `第 ${Number(nth) + 1} 次` };
  return {
    en: `${place.en}${called ?? "call"}${of}${to}`,
    zh: `${program ?? ""} ${place.zh}${toZh}${place.zh === "" && toZh === "" && program !== undefined ? "的 " : " "}${called ?? "调用"}`,
  };
}

const PLACES: Record<number | "last", Text> = {
  0: { en: "", zh: "" },
  1: { en: "the 2nd ", zh: "第 2 次" },
  2: { en: "the 3rd ", zh: "第 3 次" },
  last: { en: "the last ", zh: "最后一次" },
};

const fromReports = measuredIn("report");

/** The result of one of the calls that returned: the n-th, from 0, or the last. */
export const resultIs = (which: Calls, nth: number | "last" = 0): Reading => {
  const { en, zh } = named(which, nth);
  return {
    name: { en: `${en} returned`, zh: `${zh} 返回` },
    needs: ["report"],
    of: (recording) => resultOf(recording, which, nth),
  };
};

/** How many of the calls that returned are of a kind: "failed", "returned a descriptor". */
export const callsThat = (words: Text, which: Calls, wanted: (call: CallMade) => boolean): Figure =>
  fromReports(
    {
      en: `${which.call === undefined ? "calls" : `calls of ${named(which).en}`} that ${words.en}`,
      zh: `${which.call === undefined ? "调用" : named(which).zh} ${words.zh}的次数`,
    },
    (recording) => countReturned(recording, which, wanted),
    { outOf: (recording) => returnedCalls(recording, which).length },
  );

/** How many of the calls returned this. */
export const callsReturning = (which: Calls, wanted: number | string): Figure =>
  callsThat({ en: `returned ${wanted}`, zh: `返回 ${wanted} ` }, which, ({ result }) => result === wanted);

/** How many of the calls failed. */
export const callsFailed = (which: Calls): Figure =>
  callsThat({ en: "failed", zh: "失败" }, which, ({ result }) => result !== 0);

/** How many connections a program accepted after its first. */
export const acceptedAfterFirst = (program: ProgramName): Figure =>
  fromReports(
    { en: `connections that ${program} accepted after the first`, zh: `${program} 在第一条之后接受的连接` },
    (recording) => {
      const all = countReturned(
        recording,
        { program, call: "accept" },
        ({ result }) => typeof result === "number",
      );
      return all === null ? null : all - 1;
    },
  );

/** How many accepted connections of a program have a local port that is not its listener's. */
export const acceptedElsewhere = (program: ProgramName): Figure =>
  fromReports(
    {
      en: `connections that ${program} accepted with a port that is not its listener's`,
      zh: `${program} 接受的、端口与监听端口不同的连接`,
    },
    (recording) => {
      const port = calls(recording, { program, call: "listen" })[0]?.localPort ?? null;
      return countReturned(recording, { program, call: "accept" }, ({ localPort }) => localPort !== port);
    },
  );

/** How many calls were reported. */
export const callsMade = (which: Calls): Figure =>
  fromReports(
    { en: `calls of ${named(which).en}`, zh: `${named(which).zh} 的次数` },
    (recording) => calls(recording, which).length,
  );

/** Which of a program's calls failed, and how; `none` when no call failed. */
export const failuresOf = (program: ProgramName): Reading =>
  fromReports(
    { en: `calls of ${program} that failed`, zh: `${program} 出错的调用` },
    (recording) =>
      failedCalls(recording, program)
        .map(({ call, result }) => `${call}() = ${result}`)
        .join(", ") || "none",
  );

/** The errno that ended a program's wait in recv(); `–` when the last sample of the drain still contains such sockets. */
export const endOfWait = (program: ProgramName, which: Sockets): Reading => ({
  name: { en: `the result of the waiting recv() of ${program}`, zh: `${program} 的 recv() 的结局` },
  needs: ["report", "sockets"],
  of: (recording) => {
    const failed = failedCalls(recording, program).find(({ call }) => call === "recv");
    if (failed !== undefined) return String(failed.result);
    const last = socketSeries(recording, which).during("drain").last?.value ?? 0;
    return last > 0 ? "–" : null;
  },
});

/** The bytes that a program's n-th or last recv() returned: all of them, or those of an earlier connection. */
export const recvBytes = (
  program: ProgramName,
  nth: number | "last",
  what: "bytes" | "foreign" = "bytes",
): Figure =>
  fromReports(
    what === "bytes"
      ? {
          en: `bytes that ${named({ program, call: "recv" }, nth).en} returned`,
          zh: `${named({ program, call: "recv" }, nth).zh} 读到的字节`,
        }
      : {
          en: `bytes of the earlier connection that ${program} read as bytes of the new one`,
          zh: `${program} 当作新连接数据读走的旧连接字节`,
        },
    (recording) => recvGave(recording, program, nth, what),
  );

/** How many bytes a program wrote to its connections. */
export const written = (program: ProgramName): Figure =>
  fromReports({ en: `bytes that ${program} wrote`, zh: `${program} 写入的字节` }, (recording) =>
    bytesWritten(recording, program),
  );

/** How many bytes a program read from its connections. */
export const received = (program: ProgramName): Figure =>
  fromReports({ en: `bytes that ${program} received`, zh: `${program} 收到的字节` }, (recording) =>
    bytesRead(recording, program),
  );

/** How many of the server's bytes were acknowledged. */
export const acknowledgedBytes = (): Figure => ({
  name: { en: "of these, bytes that client's kernel acknowledged", zh: "其中 client 内核确认的字节" },
  needs: ["packet", "report"],
  of: bytesAcknowledged,
});

/** How many bytes the client read after it had sent its FIN. */
export const readAfterFin = (): Figure => ({
  name: { en: "bytes that client read after its FIN", zh: "client 发出 FIN 之后读到的字节" },
  needs: ["packet", "report"],
  of: bytesReadAfterFin,
});

/** How long a program's first close() took. */
export const closeTook = (program: ProgramName, unit: "ms" | "s" = "ms"): Figure => ({
  needs: ["report"],
  name: { en: `close() of ${program} took`, zh: `${program} 的 close() 用时` },
  unit,
  of: (recording) => {
    const ms = closeMs(recording, program);
    return ms === null || unit === "ms" ? ms : ms / 1000;
  },
});

/** Whether the first close() took longer than a call that does not wait for the other end. */
export const closeWaited = (program: ProgramName, thanMs: number): Reading =>
  fromReports(closeTook(program).name, (recording) => {
    const ms = closeMs(recording, program);
    return ms === null ? null : `${ms > thanMs ? ">" : "<="} ${thanMs} ms`;
  });

/** The time that a program set with SO_LINGER. */
export const lingerAsked = (program: ProgramName): Figure =>
  fromReports(
    { en: `the time that ${program} set with SO_LINGER`, zh: `${program} 为 SO_LINGER 设的时间` },
    (recording) => lingerSeconds(recording, program),
    { unit: "s" },
  );

/** How many different ports the client's connect() took. */
export const portsUsed = (): Figure =>
  fromReports({ en: "different ports that connect() took", zh: "connect() 占用的不同端口" }, differentPorts);

/** How many of these ports were above the port before by at most this much. */
export const portsWithin = (most: number): Figure =>
  fromReports(
    most === 1
      ? { en: "ports that were 1 above the port before", zh: "比上一个端口大 1 的端口" }
      : {
          en: `ports that were 1 to ${most} above the port before`,
          zh: `比上一个端口大 1 到 ${most} 的端口`,
        },
    (recording) => portsNear(recording, most),
    { outOf: portDifferences },
  );

/** The median distance of a port from the port before. */
export const portStep = (): Figure =>
  fromReports(
    { en: "the median difference between one port and the next", zh: "相邻端口之差的中位数" },
    medianPortStep,
  );

/** How old a TIME-WAIT was when its port was first used again. */
export const ageAtReuse = (): Figure =>
  fromReports(
    {
      en: "the age of the first TIME-WAIT whose port was used for a new connection",
      zh: "首个端口又建立连接的 TIME-WAIT 的存在时间",
    },
    (recording) => ageAtReuseMs(recording, 8080),
    { unit: "ms" },
  );

const CRASH = { needs: ["report", "intervention"] } satisfies Pick<Figure, "needs">;

/** For how long the port was refused after a crash. */
export const refusedFor = (): Figure => ({
  ...CRASH,
  name: { en: "time after the crash in which the port was refused", zh: "崩溃之后端口被拒绝" },
  unit: "s",
  of: refusedSeconds,
});

/** How many attempts to listen failed after a crash. */
export const refusals = (): Figure => ({
  ...CRASH,
  name: { en: "attempts to listen that were refused after the crash", zh: "崩溃之后被拒绝的监听尝试" },
  of: refusedAttempts,
});

/** How many attempts to listen succeeded after a crash. */
export const listenersAgain = (): Figure => ({
  ...CRASH,
  name: { en: "attempts to listen that succeeded after the crash", zh: "崩溃之后成功的监听" },
  of: listenersAfterCrash,
});

/** The states other than TIME-WAIT of the server's connections when it listened for the last time. */
export const statesAtListening = (): Reading => ({
  name: {
    en: "states of the port's connections when the server listened again",
    zh: "server 重新监听时该端口连接的状态",
  },
  needs: ["report", "sockets"],
  of: statesBesideTimeWait,
});

/** How many of another program's attempts to listen succeeded: those with the numbers `from` to `to - 1`. */
export const takenBy = (from: number, to: number): Figure =>
  fromReports(
    {
      en: `successful attempts of another program to listen on the port, of ${to - from}`,
      zh: `另一个程序去监听的 ${to - from} 次中成功的`,
    },
    (recording) => portTaken(recording, from, to),
  );

/** How many bytes the new server read that were not sent to it. */
export const strayBytes = (): Figure =>
  fromReports(
    {
      en: "bytes that the new server read besides those of its own connection",
      zh: "除自己连接的数据外新进程收到的字节",
    },
    unexpectedBytes,
  );
