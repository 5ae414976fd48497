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

/** The selected sockets and their host: `CLOSE-WAIT sockets on server`. */
function named(which: Sockets): Text {
  return { en: socketsInFull(which, 2, which.host), zh: socketsInFullZh(which, which.host) };
}

function ofSockets(
  which: Sockets,
  words: { en: string; zh: string },
  of: Figure["of"],
  unit?: "ms" | "s",
): Figure {
  const { en, zh } = named(which);
  const name = { en: `${en}${words.en}`, zh: `${zh}${words.zh}` };
  return { name, needs: ["sockets"], of, ...(unit !== undefined && { unit }) };
}

/** The most such sockets in one sample. */
export const peakOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", at the peak", zh: "最多时" },
    (recording) => socketSeries(recording, which).peak?.value ?? null,
  );

/** How many such sockets are in the last sample of a phase. */
export const atEndOf = (phase: PhaseName, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, at the end of ${phase}`, zh: `在 ${phase} 阶段结束时` },
    (recording) => socketSeries(recording, which).during(phase).last?.value ?? null,
  );

/** How many such sockets are in the trial's last sample. */
export const lastOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", in the last sample", zh: "最后一次观测" },
    (recording) => socketSeries(recording, which).last?.value ?? null,
  );

/** The most such sockets in one sample before an intervention took place. */
export const peakBefore = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, at the peak before "${intervention}"`, zh: `在“${intervention}”之前最多时` },
    (recording) => mostBefore(recording, intervention, which),
  );

/** How many of the sockets at the peak before an intervention were gone in the last sample. */
export const goneSince = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: " that were gone in the last sample", zh: "最后一次观测时已消失的" },
    (recording) => {
      const [most, last] = [mostBefore(recording, intervention, which), socketSeries(recording, which).last];
      return most === null || most === 0 || last === null ? null : most - last.value;
    },
  );

/** The average of the samples in the last seconds of the load. */
export const plateauOf = (which: Sockets): Figure =>
  ofSockets(which, { en: ", the steady number", zh: "稳定在" }, (recording) => {
    const value = plateau(recording, which);
    return value === null ? null : Math.round(value);
  });

/** How long they lasted, up to the first sample without them; null when they outlasted the trial. */
export const lastedFor = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: " lasted", zh: "持续" },
    (recording) => {
      const seen = lasted(recording, which);
      return seen?.isOver === true ? seen.seconds : null;
    },
    "s",
  );

/** How long they lasted, up to the trial's last sample when they outlasted the trial. */
export const seenFor = (which: Sockets): Figure => ({
  ...lastedFor(which),
  of: (recording) => lasted(recording, which)?.seconds ?? null,
});

/** For how long every sample contained such sockets, without a break. */
export const timeOf = (which: Sockets, unit: "ms" | "s" = "s"): Figure =>
  ofSockets(
    which,
    { en: ", present without a break for", zh: "连续出现" },
    (recording) => {
      const seconds = secondsSeen(recording, which);
      return seconds === null || unit === "s" ? seconds : seconds * 1000;
    },
    unit,
  );

/** How long a phase had lasted at its last sample, when that still contains such sockets; otherwise 0. */
export const thereFor = (phase: PhaseName, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, length of ${phase} if they were there at its end`, zh: `仍在时 ${phase} 阶段已持续` },
    (recording) => {
      const { first, last } = socketSeries(recording, which).during(phase);
      if (first === null || last === null) return null;
      return last.value > 0 ? (last.atUs - first.atUs) / 1e6 : 0;
    },
    "s",
  );

/** The time from the first sample with such a socket to the last one. */
export const firstToLastOf = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", from the first sample with one to the last", zh: "从首次到末次观测" },
    (recording) => secondsFirstToLast(recording, which),
    "s",
  );

/** The time from the first sample with such a socket to the first sample without. */
export const goneAfter = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", gone after", zh: "消失于" },
    (recording) => secondsUntilGone(recording, which),
    "s",
  );

/** The time from an intervention to the first sample without such sockets. */
export const goneAfterDoing = (intervention: string, which: Sockets): Figure =>
  ofSockets(
    which,
    { en: `, time from "${intervention}" until they were gone`, zh: `在“${intervention}”之后消失，历时` },
    (recording) => secondsAfter(recording, intervention, which),
    "s",
  );

/** The longest time until the timer of such sockets was due, in seconds. */
export const dueIn = (which: Sockets): Figure =>
  ofSockets(
    which,
    { en: ", their timer due in", zh: "的定时器到期还有" },
    (recording) => dueSeconds(recording, which),
    "s",
  );

/** The timer that they had in all samples. */
export const timerOf = (which: Sockets): Reading => ({
  name: { en: `the timer on ${named(which).en}`, zh: `${named(which).zh}上的定时器` },
  needs: ["sockets"],
  of: (recording) => {
    const seen = timerOn(recording, which);
    return seen === null || isUnknown(seen.timer) ? null : seen.timer;
  },
});

/** The longest time until that timer was due, in seconds; 0 without a timer. */
export const timerDue = (which: Sockets): Figure => ({
  name: { en: "that timer is due in", zh: "该定时器到期还有" },
  needs: ["sockets"],
  unit: "s",
  of: (recording) => timerOn(recording, which)?.dueS ?? null,
});

/** By how much the end of a host's one TIME-WAIT moved between its first and its last sample. */
export const timeWaitPutOff = (host: HostName): Figure => ({
  name: { en: `the end of TIME-WAIT on ${host} was put off by`, zh: `${host} 上 TIME-WAIT 的到期时间被推迟` },
  needs: ["sockets"],
  unit: "ms",
  of: (recording) => timeWaitPutOffMs(recording, host),
});

/** How many different local ports the listening ends of connections had at a host. */
export const portsOfListeningEnds = (host: HostName): Figure => ({
  name: { en: `different ports of the listening ends on ${host}`, zh: `${host} 上监听端连接的不同本地端口` },
  needs: ["sockets"],
  of: (recording) => listeningEndPorts(recording, host),
});

/** The states that samples show for a host's end of a connection, in order. By default, of the first connection. */
export const statesOf = (host: HostName, connection = 1): Reading => ({
  name: { en: `states of the socket on ${host}`, zh: `${host} 上套接字依次经过` },
  needs: ["packet", "sockets"],
  of: (recording) => statesPassedBy(recording, host, connection),
});

/** The state that followed another state in the samples. */
export const stateBehind = (host: HostName, state: TcpState): Reading => ({
  name: { en: `the state on ${host} after ${state}`, zh: `${host} 上 ${state} 之后的状态` },
  needs: ["packet", "sockets"],
  of: (recording) => stateAfter(recording, host, state),
});

/** How many connections passed these states at a host, with no other state in between. */
export const through = (host: HostName, states: readonly TcpState[]): Figure => ({
  name: {
    en: `connections that passed ${states.join(" and then ")} on ${host}`,
    zh: `在 ${host} 上经过 ${states.join("、紧接着 ")} 的连接`,
  },
  needs: ["packet", "sockets"],
  of: (recording) => connectionsThrough(recording, host, states),
  outOf: (recording) => wireConnections(recording).length,
});

/** How many of the first connection's two ends passed a state. */
export const endsIn = (state: TcpState): Figure => ({
  name: { en: `ends of the connection that passed ${state}`, zh: `连接两端中经过 ${state} 的` },
  outOf: () => 2,
  needs: ["packet", "sockets"],
  of: (recording) => endsSeenIn(recording, state, ["client", "server"]),
});

/** For how long the server stayed in SYN-RECEIVED after the client's ACK had arrived. */
export const ackIgnored = (): Figure => ({
  name: {
    en: "SYN-RECEIVED on server after the arrival of the client's ACK, for",
    zh: "客户端的 ACK 到达后，server 仍停在 SYN-RECEIVED",
  },
  needs: ["packet", "sockets"],
  unit: "ms",
  of: ackIgnoredMs,
});
