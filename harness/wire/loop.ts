import type { HostBecomes } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";
import type { SegmentLog } from "./log.ts";
import { isNeighbourTalk } from "./neighbours.ts";
import type { HostAddresses, WireAct, WireSummary } from "./order.ts";
import { buildUnreachable } from "./packet/build.ts";
import { parseFrame, type TcpFrame } from "./packet/frame.ts";
import { beginPassage, copyPassage, emptyPassage, type Passage } from "./passage.ts";
import { Peer } from "./peer/peer.ts";
import { Rulebook } from "./rules.ts";
import { Schedule } from "./schedule.ts";
import { across, type Side } from "./side.ts";
import { Tracker } from "./track.ts";

/** The most frames on their way at once, and the longest frame: 16 MiB in total. */
const CAPACITY = 8192;
const FRAME_BYTES = 2048;
/** The offset of the urgent pointer in a TCP header (RFC 9293 section 3.1). `corrupt` inverts it in a segment without payload. */
const URGENT_POINTER = 18;

/** The two ends of a wire. */
export interface WireEnds {
  /** Sends a frame to the host at a side. Returns false when the kernel did not take the frame. */
  sendTo: (side: Side, bytes: Uint8Array, length: number) => boolean;
  /** The source addresses of ICMP errors. */
  router: { ipv4: string; ipv6: string };
  /** The addresses that a peer uses for itself and for the other end. */
  hosts: readonly [HostAddresses, HostAddresses];
}

/**
 * The whole behaviour of a wire, frame by frame: it decides for each frame that arrives whether the frame leaves now, later or never. It
 * uses no socket and no clock: the caller passes it the frames and the time, in microseconds.
 */
export class Wire {
  readonly #rulebook: Rulebook;
  readonly #schedule: Schedule;
  readonly #tracker: Tracker;
  readonly #log: SegmentLog;
  readonly #ends: WireEnds;
  readonly #peer: Peer | null;
  readonly #waiting: Passage[] = [];
  /** The frame that has just arrived. Its bytes are still in the reader's buffer. */
  readonly #now: Passage = emptyPassage(new Uint8Array(0));
  readonly #hosts: [HostBecomes, HostBecomes] = ["present", "present"];
  #cut = false;
  #frames = 0;
  #malformed = 0;
  #lost = 0;

  constructor(plan: WirePlan, ends: WireEnds, log: SegmentLog, capacity = CAPACITY) {
    const [first, second] = plan.delayMs;
    this.#rulebook = new Rulebook(plan);
    this.#tracker = new Tracker(0, plan.between);
    this.#schedule = new Schedule({
      delayUs: [first * 1000, second * 1000],
      bitsPerSecond: plan.bitsPerSecond,
      capacity,
    });
    this.#ends = ends;
    this.#log = log;
    const { peer, seed, between } = plan;
    this.#peer =
      peer === undefined ? null : new Peer(peer, seed, peer.host === between[0] ? 0 : 1, ends.hosts);
  }

  /**
   * Takes a frame from the host at a side. It arrived at `atUs`, which can be a little before `nowUs`. The caller can use the bytes again
   * after this returns.
   */
  arrive(side: Side, bytes: Uint8Array, length: number, nowUs: number, atUs = nowUs): void {
    // On a peer's side TCP comes only from the script, so segments from the host's kernel are refused.
    beginPassage(this.#now, { atUs, side, length, bytes });
    this.#enter(this.#now, nowUs, this.#peer?.side === side);
  }

  /** Takes a frame from a stack that is no longer connected to the wire, and discards it. */
  refuse(side: Side, bytes: Uint8Array, length: number, nowUs: number): void {
    const before = this.#hosts[side];
    this.#hosts[side] = "silent";
    if (!isNeighbourTalk(bytes, length)) this.arrive(side, bytes, length, nowUs);
    this.#hosts[side] = before;
  }

  /** Sends all frames that are due, and takes the frames that the peer's script sends now. */
  depart(nowUs: number): void {
    for (let slot = this.#schedule.due(nowUs); slot >= 0; slot = this.#schedule.due(nowUs)) {
      this.#leave(this.#waiting[slot]!, nowUs);
      this.#schedule.give(slot);
    }
    if (this.#peer === null) return;
    for (const frame of this.#peer.speak(nowUs)) {
      beginPassage(this.#now, { atUs: nowUs, side: this.#peer.side, length: frame.length, bytes: frame });
      this.#enter(this.#now, nowUs, false);
    }
  }

  /** When the next frame is due; Infinity when no frame waits for a time. */
  nextDueUs(): number {
    const dueUs = this.#schedule.nextDueUs();
    return this.#peer === null ? dueUs : Math.min(dueUs, this.#peer.nextDueUs());
  }

  /** Applies an intervention to this wire (`act` is null when it does nothing here), and sends the segments that were held for it. */
  intervene(name: string, act: WireAct | null, nowUs: number): void {
    if (act !== null) {
      if ("cut" in act) this.#cut = act.cut;
      else this.#hosts[act.side] = act.become;
    }
    this.#rulebook.done(name);
    this.#peer?.done(name, nowUs);
    this.#schedule.release(name, nowUs);
    this.depart(nowUs);
  }

  /** Counts frames that were lost before they reached this object. */
  addLost(frames: number): void {
    this.#lost += frames;
  }

  /** Ends the wire: logs the segments that still wait as never sent. */
  finish(nowUs: number): void {
    for (const slot of this.#schedule.drain()) {
      this.#settle(this.#waiting[slot]!, nowUs);
      this.#schedule.give(slot);
    }
  }

  summary(): WireSummary {
    return {
      frames: this.#frames,
      malformed: this.#malformed,
      lostFrames: this.#lost,
      untoldSegments: this.#log.untold,
      rules: this.#rulebook.matches(),
      ...(this.#peer === null ? {} : { unfinished: this.#peer.unfinished() }),
    };
  }

  #enter(passage: Passage, nowUs: number, refusesTcp: boolean): void {
    const { side, bytes, length } = passage;
    this.#frames += 1;
    if (isNeighbourTalk(bytes, length)) {
      this.#transmit(across(side), bytes, length);
      return;
    }
    const frame = parseFrame(bytes, length);
    if (frame.kind === "malformed") this.#malformed += 1;
    passage.told = frame.kind === "tcp";
    const connection = frame.kind === "tcp" ? this.#tracker.follow(frame, bytes, side).number : 0;
    if (this.#cut || isAway(this.#hosts[side]) || (refusesTcp && frame.kind === "tcp")) {
      passage.fate = "cut";
      this.#settle(passage, nowUs);
    } else if (frame.kind === "tcp") this.#decide(passage, frame, connection, nowUs);
    else this.#forward(passage, nowUs);
  }

  #decide(passage: Passage, segment: TcpFrame, connection: number, nowUs: number): void {
    const { rule, action, lost } = this.#rulebook.decide(passage.side, segment, connection, passage.atUs);
    passage.rule = rule;
    if (lost || (action !== null && "drop" in action)) {
      passage.fate = lost ? "lost" : "dropped";
      this.#settle(passage, nowUs);
    } else if (action === null || "pass" in action) this.#forward(passage, nowUs);
    else if ("holdUntil" in action) this.#holdUntil(passage, action.holdUntil, nowUs);
    else if ("holdMs" in action) {
      passage.fate = "held";
      this.#delay(passage, nowUs, action.holdMs * 1000);
    } else if ("duplicateAfterMs" in action) {
      passage.fate = "duplicated";
      this.#forward(passage, nowUs);
      passage.told = false;
      this.#delay(passage, nowUs, action.duplicateAfterMs * 1000);
    } else {
      passage.fate = "corrupted";
      passage.corruptAt =
        segment.payloadBytes > 0 ? segment.payloadOffset : segment.tcpOffset + URGENT_POINTER;
      this.#forward(passage, nowUs);
    }
  }

  #holdUntil(passage: Passage, name: string, nowUs: number): void {
    if (this.#rulebook.isDone(name)) {
      this.#forward(passage, nowUs);
      return;
    }
    passage.fate = "held";
    const slot = this.#keep(passage, nowUs);
    if (slot >= 0) this.#schedule.hold(slot, passage.side, passage.length, name);
  }

  #forward(passage: Passage, nowUs: number): void {
    if (this.#schedule.isImmediate(passage.side)) this.#leave(passage, nowUs);
    else this.#delay(passage, nowUs, 0);
  }

  #delay(passage: Passage, nowUs: number, extraUs: number): void {
    const slot = this.#keep(passage, nowUs);
    // The delay counts from the arrival, not from now: thus a short pause of this process does not make the frame late.
    if (slot >= 0) this.#schedule.send(slot, passage.side, passage.length, passage.atUs, extraUs);
  }

  /** Copies a frame into the wire's own memory. Returns its slot; -1 when no slot is free: then the frame is lost. */
  #keep(passage: Passage, nowUs: number): number {
    const slot = passage.length > FRAME_BYTES ? -1 : this.#schedule.take();
    if (slot < 0) {
      this.#lost += 1;
      passage.fate = "lost";
      this.#settle(passage, nowUs);
      return -1;
    }
    if (passage.told) {
      passage.id = this.#log.arrive(passage, null);
      passage.told = passage.id !== 0;
    }
    copyPassage(passage, (this.#waiting[slot] ??= emptyPassage(new Uint8Array(FRAME_BYTES))));
    return slot;
  }

  /** Sends a frame at the far end of the link. */
  #leave(passage: Passage, nowUs: number): void {
    const to = across(passage.side);
    const { bytes, length, corruptAt } = passage;
    if (this.#cut || isAway(this.#hosts[to])) {
      passage.fate = "cut";
      if (!this.#cut && this.#hosts[to] === "unreachable" && isTcp(passage)) this.#answer(passage, nowUs);
    } else {
      // The byte is inverted only while the frame is sent: the log has the frame as it arrived.
      if (corruptAt >= 0) bytes[corruptAt] = ~bytes[corruptAt]!;
      const isHeard = this.#peer?.side === to && this.#peer.hear(bytes, length, nowUs);
      if (isHeard || this.#transmit(to, bytes, length)) passage.sentUs = nowUs;
      if (corruptAt >= 0) bytes[corruptAt] = ~bytes[corruptAt]!;
    }
    this.#settle(passage, nowUs);
  }

  /** Sends an ICMP error back to the sender of a segment, with the delay of that direction. */
  #answer(passage: Passage, nowUs: number): void {
    const { ipv4, ipv6 } = this.#ends.router;
    const isIpv4 = passage.bytes[12] === 0x08;
    const frame = buildUnreachable(passage.bytes, passage.length, isIpv4 ? ipv4 : ipv6, "host");
    const answer = emptyPassage(frame);
    answer.side = across(passage.side);
    answer.length = frame.length;
    answer.atUs = nowUs;
    this.#delay(answer, nowUs, 0);
  }

  #transmit(to: Side, bytes: Uint8Array, length: number): boolean {
    const sent = this.#ends.sendTo(to, bytes, length);
    if (!sent) this.#lost += 1;
    return sent;
  }

  /** Logs a segment whose fate is known. */
  #settle(passage: Passage, nowUs: number): void {
    if (!passage.told) return;
    if (passage.id === 0) this.#log.arrive(passage, passage);
    else this.#log.depart(passage.id, passage, nowUs);
  }
}

/** Only TCP gets an ICMP error: an ICMP error must not be answered with another one (RFC 1122 section 3.2.2). */
function isTcp({ bytes, length }: Passage): boolean {
  return parseFrame(bytes, length).kind === "tcp";
}

function isAway(host: HostBecomes): boolean {
  return host === "silent" || host === "unreachable";
}
