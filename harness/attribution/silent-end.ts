import type { ConnectionEnd } from "../measure/packets.ts";
import type { PacketSample } from "../model/sample.ts";
import type { SeenState } from "../model/state.ts";
import { decided, likely, span, undecided, type Verdict } from "./attribution.ts";
import { type Carried, isFrom } from "./closings.ts";
import { type Sources, sysctlAt } from "./evidence.ts";
import type { SeenSocket } from "./rows.ts";

/** A connection that a kernel gave up without a segment. */
export interface SilentEnd {
  near: ConnectionEnd;
  far: ConnectionEnd;
  /** The first look without the socket, and the one before. */
  atUs: number;
  afterUs: number;
  verdict: Verdict;
}

/** The states in which a socket can wait for an acknowledgement that never comes. */
const WAITS: readonly SeenState[] = ["ESTABLISHED", "FIN-WAIT-1", "CLOSE-WAIT", "CLOSING", "LAST-ACK"];
/** TCP_RTO_MIN and TCP_RTO_MAX in include/net/tcp.h; tcp_rto_max_ms sets the latter since Linux 6.15. */
const RTO_MIN_MS = 200;
const RTO_MAX_MS = 120_000;
/** tcp_orphan_retries in net/ipv4/tcp_timer.c, where the sysctl is 0. */
const ORPHAN_RETRIES = 8;
const SLACK_US = 60_000;

/**
 * The ends of a connection that vanished without a FIN or a RST of their own while they repeated segments: tcp_write_err() sends nothing
 * (net/ipv4/tcp_timer.c, tcp_write_timeout and tcp_probe_timer).
 */
export function silentEnds(one: Carried, sources: Sources): SilentEnd[] {
  const [left, right] = one.connection.ends;
  return [silentEnd(one, left, right, sources), silentEnd(one, right, left, sources)].filter(
    (end) => end !== null,
  );
}

function silentEnd(
  one: Carried,
  near: ConnectionEnd,
  far: ConnectionEnd,
  sources: Sources,
): SilentEnd | null {
  const { connection } = one;
  const own = connection.packets.filter((packet) => isFrom(near, packet));
  const again = one.repeats;
  const repeated = own.filter((packet) => again.has(packet));
  const last = repeated.at(-1);
  if (last === undefined) return null;
  const looks = sources.rows.of(near, far, connection.fromUs, connection.untilUs ?? Infinity);
  const nth = looks.findLastIndex(({ socket }) => socket !== null);
  const [before, after] = [looks[nth], looks[nth + 1]];
  if (before === undefined || before.socket === null || after === undefined) return null;
  if (!WAITS.includes(before.socket.state) || last.atUs > after.atUs) return null;
  const isReset = connection.packets.some(
    (packet) =>
      packet.flags.includes("RST") &&
      packet.atUs <= after.atUs &&
      (isFrom(near, packet) || packet.sentUs !== null),
  );
  if (isReset) return null;
  const moved = sources.counters
    .span(near.host, before.atUs, after.atUs, SLACK_US)
    ?.moved("TcpExtTCPAbortOnTimeout");
  if (moved === 0) return null;
  const firstUs = firstUnanswered(last, again, own);
  const verdict = gaveUp(
    before.socket,
    {
      firstUs,
      before,
      after,
      near,
      repeated: repeated.length,
      probes: probesOf(again, own, connection.packets, near),
    },
    sources,
  );
  return {
    near,
    far,
    atUs: after.atUs,
    afterUs: before.atUs,
    verdict: moved === undefined ? weaker(verdict) : verdict,
  };
}

/** When the segment that was repeated last was sent first; of probes, the first of them. */
function firstUnanswered(last: PacketSample, again: Carried["repeats"], own: PacketSample[]): number {
  const repeat = again.get(last);
  if (repeat?.kind === "retransmission") return repeat.first.atUs;
  const others = own.findLastIndex((packet) => again.get(packet)?.kind !== repeat?.kind);
  return own[others + 1]?.atUs ?? last.atUs;
}

/** How many probes of a closed window an end had sent last, since anything came to it; null where its last segment was no probe. */
function probesOf(
  again: Carried["repeats"],
  own: PacketSample[],
  all: PacketSample[],
  near: ConnectionEnd,
): number | null {
  const last = own.at(-1);
  if (last === undefined || again.get(last)?.kind !== "window probe") return null;
  const cameUs = all.reduce((us, one) => (isFrom(near, one) ? us : Math.max(us, one.sentUs ?? 0)), 0);
  return own.filter((one) => one.atUs > cameUs && again.get(one)?.kind === "window probe").length;
}

interface Waited {
  firstUs: number;
  before: { atUs: number };
  after: { atUs: number };
  near: ConnectionEnd;
  repeated: number;
  /** How many probes of a closed window were the last, without an answer; null: segments were repeated. */
  probes: number | null;
}

/**
 * Which limit ended it: TCP_USER_TIMEOUT can end it sooner than tcp_retries2, or, where nobody holds the socket, than tcp_orphan_retries (8
 * tries where it is 0; tcp_orphan_retries in net/ipv4/tcp_timer.c).
 */
function gaveUp({ state, row }: SeenSocket, waited: Waited, { recording }: Sources): Verdict {
  const { firstUs, before, after, near, repeated, probes } = waited;
  const sysctl = (name: string): string | null =>
    sysctlAt(recording, near.host, `net.ipv4.${name}`, after.atUs);
  const name = row.inode === 0 ? "tcp_orphan_retries" : "tcp_retries2";
  const value = sysctl(name);
  const seen = `${state}, ${repeated} repetitions, and gone ${span(before.atUs - firstUs)} to ${span(after.atUs - firstUs)} after the first of what was not acknowledged`;
  if (value === null) return undecided(seen, "user-timeout", "retries-exhausted");
  const retries = row.inode === 0 ? Number(value) || ORPHAN_RETRIES : Number(value);
  const mostMs = Number(sysctl("tcp_rto_max_ms") ?? RTO_MAX_MS);
  if (probes !== null) {
    const because = `${seen}; ${name} is ${value}, and ${probes} probes had no answer`;
    if (probes < retries && mostMs === RTO_MAX_MS)
      return likely("user-timeout", because, "retries-exhausted");
    return likely("retries-exhausted", because, "user-timeout");
  }
  const limitMs = modelTimeoutMs(retries, mostMs);
  const because = `${seen}; ${name} is ${value}, which takes ${span(limitMs * 1000)} at least`;
  // A socket that nobody holds is given up sooner where its wait has reached the longest.
  const canBeSooner = row.inode === 0 && mostMs !== RTO_MAX_MS;
  if (after.atUs - firstUs < limitMs * 1000 && !canBeSooner) return decided("user-timeout", because);
  if (before.atUs - firstUs < limitMs * 1000 && !canBeSooner) {
    return undecided(because, "retries-exhausted", "user-timeout");
  }
  return likely("retries-exhausted", because, "user-timeout");
}

/** tcp_model_timeout in net/ipv4/tcp_timer.c: how long so many doubling repetitions take, from TCP_RTO_MIN. */
function modelTimeoutMs(retries: number, mostMs: number): number {
  const doubled = Math.floor(Math.log2(mostMs / RTO_MIN_MS));
  if (retries <= doubled) return (2 ** (retries + 1) - 1) * RTO_MIN_MS;
  return (2 ** (doubled + 1) - 1) * RTO_MIN_MS + (retries - doubled) * mostMs;
}

function weaker(verdict: Verdict): Verdict {
  return verdict.sure === "decided" ? { ...verdict, sure: "likely" } : verdict;
}
