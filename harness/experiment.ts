// The entry point for experiments (`lastack/experiment`): all that an experiment may import, in the catalogue or a user's own.
import type { Fact, FailureMode } from "./model/experiment.ts";

export type * from "./model/advice.ts";
export type * from "./model/expectation.ts";
export type * from "./model/experiment.ts";
export type * from "./model/peer.ts";
export type * from "./model/metered.ts";
export type * from "./model/names.ts";
export type * from "./model/recording.ts";
export type * from "./model/sample.ts";
export type * from "./model/segment.ts";
export type * from "./model/setup.ts";
export {
  setupOf,
  EVERY_MS,
  type CommandLine,
  type ShortLink,
  type ShortPhase,
  type ShortProgram,
  type ShortSetup,
  type Sysctls,
} from "./model/short-setup.ts";
export type * from "./model/state.ts";
export type * from "./model/tcp-info.ts";
export type * from "./model/thread-waits.ts";
export type * from "./model/wire.ts";

export { allOver, atBothEnds, mark, times } from "./model/shorthand.ts";

export { answerTo } from "./measure/answer.ts";
export { attempts, connectionsMade, latencies, outcomeCounts, outcomeOf } from "./measure/attempts.ts";
export { calls, type CallMade, type Calls } from "./measure/calls.ts";
export { acknowledges, closingSegments } from "./measure/closing.ts";
export { byAddress, byProcess, conversations, type Conversation } from "./measure/conversations.ts";
export { counterDelta, countersMoved, counterSeries } from "./measure/counters.ts";
export { endsTold, type Ends, type EndTold } from "./measure/ends.ts";
export { firstGoodbye, segmentAfterRepeatedFin } from "./measure/fins.ts";
export { hosts, localPorts, samplesOf, sysctl, type Evidence } from "./measure/evidence.ts";
export { areGivenConnections } from "./measure/given-connections.ts";
export { lasted, timeWaitPutOffMs, type Lasted } from "./measure/lasting.ts";
export { fullestQueue, isAlwaysFull, queueSeries } from "./measure/listeners.ts";
export { standingQueues, type StandingQueue } from "./measure/standing-queue.ts";
export { repeats, wireConnections, type Repeat, type WireConnection } from "./measure/packets.ts";
export { closedFirst, keptReport } from "./measure/own-reports.ts";
export { answersElsewhere } from "./measure/peer-alive.ts";
export { areLasting, mostOpenedInTurn, type OpenedInTurn } from "./measure/opened-in-turn.ts";
export { listenerPairs, portIsShared, type ListenerPair } from "./measure/port-sharing.ts";
export { percentile } from "./measure/percentile.ts";
export type { Activity } from "./measure/activity.ts";
export { holders, processSeries, sharedSockets } from "./measure/processes.ts";
export { reported } from "./measure/reports.ts";
export { segments, type Segments } from "./measure/segments.ts";
export { socketStates, type StateSeen } from "./measure/socket-states.ts";
export { exampleRows, mostReckoned, socketSeries, type Sockets } from "./measure/sockets.ts";
export { answeredMs, olderSyns, synAckOf, synOf } from "./measure/syns.ts";
export { awaitsNoClient } from "./measure/thread-waits.ts";
export { whereRead } from "./measure/unread.ts";

export { attemptsOk, connections, latency, outcomes, selfReported } from "./verdict/vocabulary/attempts.ts";
export { atLeast, atMost, between, exactly, type Bound } from "./verdict/vocabulary/bound.ts";
export { callsEnded } from "./verdict/vocabulary/calls.ts";
export type { Claim } from "./verdict/vocabulary/claim.ts";
export {
  acceptQueueFull,
  acceptQueueNearlyFull,
  acceptQueueNeverFull,
  counterMoved,
  counterStill,
} from "./verdict/vocabulary/counters.ts";
export { connectionsEnd, type PeerEnds } from "./verdict/vocabulary/ends.ts";
export {
  segmentsRepeated,
  segmentsSeen,
  statesPassed,
  type SocketEnd,
} from "./verdict/vocabulary/packets.ts";
export type { Figure } from "./verdict/vocabulary/figure.ts";
export { descriptorsLeft, processStays, socketsWithoutRow } from "./verdict/vocabulary/processes.ts";
export { quantity } from "./verdict/vocabulary/quantity.ts";
export { leavesAt } from "./verdict/vocabulary/schedule.ts";
export {
  neverSeen,
  socketsAtEndOf,
  socketsAtPeak,
  socketsShared,
  socketsStay,
} from "./verdict/vocabulary/sockets.ts";
export { freshSysctl } from "./verdict/vocabulary/sysctls.ts";

// Figures for `quantity`.
export {
  openedEachSecond,
  sinceFailure,
  slowdown,
  wholeTime,
} from "./verdict/vocabulary/figures/attempts.ts";
export {
  acknowledgedBytes,
  ageAtReuse,
  callsThat,
  closeTook,
  listenersAgain,
  portsUsed,
  portsWithin,
  recvBytes,
  refusals,
  refusedFor,
} from "./verdict/vocabulary/figures/calls.ts";
export {
  countersOf,
  descriptorsGivenBack,
  descriptorsOf,
  queued,
  sendQueue,
} from "./verdict/vocabulary/figures/hosts.ts";
export { timeBetween } from "./verdict/vocabulary/figures/moments.ts";
export { answersOn, settingsForTimeWait } from "./verdict/vocabulary/figures/reports.ts";
export {
  closedIn,
  finRepeats,
  keepAliveProbes,
  medianAnswer,
  synAckTakes,
  windowProbes,
} from "./verdict/vocabulary/figures/segments.ts";
export {
  dueIn,
  firstToLastOf,
  lastedFor,
  peakOf,
  seenFor,
  through,
  timeOf,
  timeWaitPutOff,
} from "./verdict/vocabulary/figures/sockets.ts";

/** A failure mode: its symptom, its buggy variant and its cures. Returns what it is given, with the right type. */
export function failureMode(experiment: Omit<FailureMode, "kind">): FailureMode {
  return { kind: "failure-mode", ...experiment };
}

/** A fact about TCP. Its variants are named after what differs. Returns what it is given, with the right type. */
export function fact(experiment: Omit<Fact, "kind">): Fact {
  return { kind: "fact", ...experiment };
}
