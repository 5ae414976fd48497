import { dueSeconds, timerOn } from "../../../measure/timers.ts";
import {
  lasted,
  mostBefore,
  secondsAfter,
  secondsFirstToLast,
  secondsSeen,
  secondsUntilGone,
  timeWaitPutOffMs,
} from "../../../measure/lasting.ts";
import { wireConnections } from "../../../measure/packets.ts";
import { plateau } from "../../../measure/pace.ts";
import { listeningEndPorts } from "../../../measure/ports.ts";
import { socketSeries, type Sockets } from "../../../measure/sockets.ts";
import {
  ackIgnoredMs,
  connectionsThrough,
  endsSeenIn,
  stateAfter,
  statesPassedBy,
} from "../../../measure/states-passed.ts";
import type { HostName, PhaseName } from "../../../model/names.ts";
import { isUnknown, type TcpState } from "../../../model/state.ts";
import type { Text } from "../../../model/text.ts";
import type { Figure, Reading } from "../figure.ts";
import { socketsInFull } from "../wording.ts";
import { socketsInFullZh } from "../wording-zh.ts";

/** Sockets that are meant, with their host: `CLOSE-WAIT sockets on server`. */
function named(which: Sockets): Text {
  return { en: socketsInFull(which, 2, which.host), zh: socketsInFullZh(which, which.host) };
}

function ofSockets(
  which: Sockets,
  words: { en: string; zh: string },
  rest: Omit<Figure, "name" | "needs">,
): Figure {
  const { en, zh } = named(which);
  return { name: { en: `${en}${words.en}`, zh: `${zh}${words.zh}` }, needs: ["sockets"], ...rest };
}

/** The most such sockets that one look saw. */
export const peakOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", at the peak", zh: "最多时" },
    {
      of: (recording) => socketSeries(recording, which).peak?.value ?? null,
    },
  );

/** How many the last look of a phase saw. */
export const atEndOf = (phase: PhaseName, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, at the end of ${phase}`, zh: `在 ${phase} 阶段结束时` },
    {
      of: (recording) => socketSeries(recording, which).during(phase).last?.value ?? null,
    },
  );

/** How many the very last look saw. */
export const lastOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", at the last look", zh: "最后一次观测" },
    {
      of: (recording) => socketSeries(recording, which).last?.value ?? null,
    },
  );

/** The most that one look saw before an intervention was done. */
export const peakBefore = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, at the peak before "${intervention}"`, zh: `在“${intervention}”之前最多时` },
    {
      of: (recording) => mostBefore(recording, intervention, which),
    },
  );

/** How many of those that were there at the peak before an intervention were gone at the last look. */
export const goneSince = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: " that were gone at the last look", zh: "最后一次观测时已消失的" },
    {
      of: (recording) => {
        const [most, last] = [
          mostBefore(recording, intervention, which),
          socketSeries(recording, which).last,
        ];
        return most === null || most === 0 || last === null ? null : most - last.value;
      },
    },
  );

/** The average of the looks in the last seconds of the load. */
export const plateauOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", steady at", zh: "稳定在" },
    {
      of: (recording) => {
        const value = plateau(recording, which);
        return value === null ? null : Math.round(value);
      },
    },
  );

/** How long they lasted, until a look saw none any more; null of those that outlasted the trial. */
export const lastedFor = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: " lasted", zh: "持续" },
    {
      unit: "s",
      of: (recording) => {
        const seen = lasted(recording, which);
        return seen?.isOver === true ? seen.seconds : null;
      },
    },
  );

/** The same, of those that outlasted the trial up to its last look. */
export const seenFor = (which: Sockets): Figure => ({
  ...lastedFor(which),
  of: (recording) => lasted(recording, which)?.seconds ?? null,
});

/** For how long looks without a break saw such sockets. */
export const timeOf = (which: Sockets, unit: "ms" | "s" = "s"): Figure =>
  ofSockets(
    which,
    { en: ", seen without a break for", zh: "连续出现" },
    {
      unit,
      of: (recording) => {
        const seconds = secondsSeen(recording, which);
        return seconds === null || unit === "s" ? seconds : seconds * 1000;
      },
    },
  );

/** How long a phase had lasted when its last look still saw such sockets; 0 where that saw none. */
export const thereFor = (phase: PhaseName, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, still there after so long of ${phase}`, zh: `仍在时 ${phase} 阶段已持续` },
    {
      unit: "s",
      of: (recording) => {
        const { first, last } = socketSeries(recording, which).during(phase);
        if (first === null || last === null) return null;
        return last.value > 0 ? (last.atUs - first.atUs) / 1e6 : 0;
      },
    },
  );

/** From the first look that saw one to the last. */
export const firstToLastOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", from the first look that saw one to the last", zh: "从首次到末次观测" },
    {
      unit: "s",
      of: (recording) => secondsFirstToLast(recording, which),
    },
  );

/** From the first look that saw one to the first that saw none any more. */
export const goneAfter = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", gone after", zh: "消失于" },
    { unit: "s", of: (recording) => secondsUntilGone(recording, which) },
  );

/** From an intervention to the first look that saw none any more. */
export const goneAfterDoing = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, gone after "${intervention}" within`, zh: `在“${intervention}”之后消失，历时` },
    {
      unit: "s",
      of: (recording) => secondsAfter(recording, intervention, which),
    },
  );

/** In how many seconds the timer of such sockets was due, at the most. */
export const dueIn = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", their timer due in", zh: "的定时器到期还有" },
    { unit: "s", of: (recording) => dueSeconds(recording, which) },
  );

/** The timer that all looks saw on them. */
export const timerOf = (which: Sockets): Reading => ({
  name: { en: `the timer on ${named(which).en}`, zh: `${named(which).zh}上的定时器` },
  needs: ["sockets"],
  of: (recording) => {
    const seen = timerOn(recording, which);
    return seen === null || isUnknown(seen.timer) ? null : seen.timer;
  },
});

/** In how many seconds that timer was due, at the most; 0 where there is none. */
export const timerDue = (which: Sockets): Figure => ({
  name: { en: "that timer is due in", zh: "该定时器到期还有" },
  needs: ["sockets"],
  unit: "s",
  of: (recording) => timerOn(recording, which)?.dueS ?? null,
});

/** By how much later a host's one TIME-WAIT was to end when it was last seen than when it was first. */
export const timeWaitPutOff = (host: HostName): Figure => ({
  name: { en: `the end of TIME-WAIT on ${host} was put off by`, zh: `${host} 上 TIME-WAIT 的到期时间被推迟` },
  needs: ["sockets"],
  unit: "ms",
  of: (recording) => timeWaitPutOffMs(recording, host),
});

/** How many local ports the listening ends at a host had. */
export const portsOfListeningEnds = (host: HostName): Figure => ({
  name: { en: `different ports of the listening ends on ${host}`, zh: `${host} 上监听端连接的不同本地端口` },
  needs: ["sockets"],
  of: (recording) => listeningEndPorts(recording, host),
});

/** The states that a host's end of a connection was seen in, one after the other; of the first, where none is named. */
export const statesOf = (host: HostName, connection = 1): Reading => ({
  name: { en: `states of the socket on ${host}`, zh: `${host} 上套接字依次经过` },
  needs: ["packet", "sockets"],
  of: (recording) => statesPassedBy(recording, host, connection),
});

/** The state that it was seen in after another. */
export const stateBehind = (host: HostName, state: TcpState): Reading => ({
  name: { en: `the state on ${host} after ${state}`, zh: `${host} 上 ${state} 之后的状态` },
  needs: ["packet", "sockets"],
  of: (recording) => stateAfter(recording, host, state),
});

/** How many connections went through these states at a host, with none in between. */
export const through = (host: HostName, states: readonly TcpState[]): Figure => ({
  name: {
    en: `connections that passed ${states.join(" and then ")} on ${host}`,
    zh: `在 ${host} 上经过 ${states.join("、紧接着 ")} 的连接`,
  },
  needs: ["packet", "sockets"],
  of: (recording) => connectionsThrough(recording, host, states),
  outOf: (recording) => wireConnections(recording).length,
});

/** How many of the two ends of the first connection were seen in a state. */
export const endsIn = (state: TcpState): Figure => ({
  name: { en: `ends of the connection that passed ${state}`, zh: `连接两端中经过 ${state} 的` },
  outOf: () => 2,
  needs: ["packet", "sockets"],
  of: (recording) => endsSeenIn(recording, state, ["client", "server"]),
});

/** For how long the server stayed in SYN-RECEIVED though the client's ACK had come. */
export const ackIgnored = (): Figure => ({
  name: {
    en: "SYN-RECEIVED on server, seen after the client's ACK had come for",
    zh: "客户端的 ACK 到达后，server 仍停在 SYN-RECEIVED",
  },
  needs: ["packet", "sockets"],
  unit: "ms",
  of: ackIgnoredMs,
});
