// The program of a wire's process: it lives in the namespace between two hosts and does nothing else, so that no other work
// delays a frame. It hears from the trial over Node's IPC channel, and ends with it.
import { hrtime } from "node:process";
import { offer } from "../kernel/blocking.ts";
import { realTimeUs } from "../kernel/clock.ts";
import { PacketSocket } from "../kernel/packet.ts";
import { endWaitsOnTime, Poll } from "../kernel/poll.ts";
import { socketError } from "../kernel/socket.ts";
import { becomeUrgent } from "../kernel/urgency.ts";
import { ArrivalClock } from "./arrival-clock.ts";
import { SegmentLog } from "./log.ts";
import { Wire } from "./loop.ts";
import type { WireCommand, WireMessage, WireOrder } from "./order.ts";
import type { Side } from "./side.ts";

/** Where Node puts what a child's stdio has after the first three: its IPC channel, and the socket that the log is told to. */
const CHANNEL = 3;
const LOG = 4;
/** How many frames may wait at one end to be read: 8 MiB, 40 ms at 100,000 a second. */
const RING_FRAMES = 4096;
/** How many frames of one end are read before the other end and the schedule have their turn. */
const BURST = 64;
/** What waits to be told goes out after so long; when its reader has no room, again after so long. */
const TELL_AFTER_US = 20_000;
const TELL_AGAIN_US = 2_000;
const TELL_BYTES = 1 << 17;
/** Memory that is not used before it is written to: room for all that is told, whenever it is read. */
const LOG_BYTES = 1 << 25;
/** The same, when whole frames are told. */
const CAPTURE_BYTES = 1 << 27;
/** No header is longer than this: Ethernet, IPv6 with extensions, TCP with options. */
const HEADERS_BYTES = 256;
/** More segments than this are only counted: some 40 MB of recording. */
const MOST_TOLD = 100_000;
/** Under a steady stream of frames, the channel is looked at so often. */
const LISTEN_EVERY_US = 2_000;
const LONGEST_WAIT_US = 1_000_000;

const baseUs = clocksApartUs();

/** CLOCK_MONOTONIC in microseconds, as the trial's clock reads it, without the cost of a bigint. */
function clockUs(): number {
  return Math.floor(performance.now() * 1000 + baseUs);
}

/**
 * How far CLOCK_MONOTONIC is ahead of performance.now(). A process that is put aside between two readings takes them for one
 * moment: of some tries, the one that took the least time counts.
 */
function clocksApartUs(): number {
  let apartUs = 0;
  let leastUs = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 20; n += 1) {
    const beforeUs = Number(hrtime.bigint()) / 1000;
    const nowUs = performance.now() * 1000;
    const tookUs = Number(hrtime.bigint()) / 1000 - beforeUs;
    if (tookUs < leastUs) apartUs = beforeUs + tookUs / 2 - nowUs;
    leastUs = Math.min(leastUs, tookUs);
  }
  return apartUs;
}

interface End {
  side: Side;
  socket: PacketSocket;
  isSpare: boolean;
  /** When its last frame came. */
  lastUs: number;
}

class Station {
  readonly #ends: End[] = [];
  readonly #active: [PacketSocket, PacketSocket];
  readonly #wire: Wire;
  readonly #log: SegmentLog;
  readonly #poll: Poll;
  readonly #arrivals = new ArrivalClock({ nowUs: clockUs, realUs: realTimeUs });
  /** Not before then is anything told. */
  #tellAtUs = 0;
  #finished = false;

  constructor(order: WireOrder) {
    this.#active = [this.#open(order, 0), this.#open(order, 1)];
    const bytes = order.keepBytes > HEADERS_BYTES ? CAPTURE_BYTES : LOG_BYTES;
    const most = order.plan.segments === "counted" ? 0 : MOST_TOLD;
    this.#log = new SegmentLog({ bytes, keepBytes: order.keepBytes, most });
    const sendTo = (side: Side, bytes: Uint8Array, length: number): boolean =>
      this.#active[side].send(bytes, length) === 0;
    const { plan, router, devices } = order;
    this.#wire = new Wire(plan, { sendTo, router, hosts: devices }, this.#log);
    this.#poll = new Poll([CHANNEL, ...this.#ends.map(({ socket }) => socket.fd)]);
  }

  hear(command: WireCommand): void {
    if (command.kind === "finish") this.#finished = true;
    if (command.kind !== "intervention") return;
    const { name, act } = command;
    if (act !== null && "become" in act) {
      const spare = this.#ends.find(
        (end) => end.side === act.side && end.isSpare === (act.become === "rebooted"),
      );
      if (spare === undefined) throw new Error(`no new stack was made ready for side ${act.side}`);
      this.#active[act.side] = spare.socket;
    }
    this.#wire.intervene(name, act, clockUs());
    tell({ kind: "did", name });
  }

  async run(): Promise<void> {
    while (!this.#finished) {
      this.#work();
      await turn();
    }
    this.#wire.finish(clockUs());
    for (const { socket } of this.#ends) this.#wire.addLost(socket.lost());
    while (this.#log.waiting.length > 0) {
      this.#flush(clockUs());
      await turn();
    }
    // Gone only when all that was told is with the kernel.
    tell({ kind: "finished", summary: this.#wire.summary() }, () => process.disconnect());
  }

  /** Moves frames until there is something to hear or to tell. */
  #work(): void {
    const until = clockUs() + LISTEN_EVERY_US;
    for (;;) {
      const nowUs = clockUs();
      this.#wire.depart(nowUs);
      let busy = false;
      for (const end of this.#ends) busy = this.#read(end) || busy;
      if (nowUs - this.#log.sinceUs > TELL_AFTER_US) this.#flush(nowUs);
      if (busy) {
        if (nowUs > until) return;
        continue;
      }
      this.#poll.wait(this.#idleUs());
      if (this.#poll.isReady(0) || (unwritten > 0 && clockUs() > until)) return;
      for (const [n, { socket }] of this.#ends.entries()) {
        // An interface that went down tells an error until it is taken; it is no reason to turn without end.
        if (this.#poll.hasFailed(n + 1)) socketError(socket.fd);
      }
    }
  }

  #read(end: End): boolean {
    const { side, socket } = end;
    const active = this.#active[side] === socket;
    let count = 0;
    while (count < BURST && socket.next()) {
      const nowUs = clockUs();
      end.lastUs = this.#arrivals.atUs(socket.realUs(), nowUs, end.lastUs);
      if (active) this.#wire.arrive(side, socket.bytes, socket.length, nowUs, end.lastUs);
      else this.#wire.refuse(side, socket.bytes, socket.length, nowUs);
      socket.done();
      count += 1;
    }
    return count > 0;
  }

  #idleUs(): number {
    const nowUs = clockUs();
    const tellUs = Math.max(this.#log.sinceUs + TELL_AFTER_US, this.#tellAtUs);
    const untilUs = Math.min(this.#wire.nextDueUs(), tellUs, nowUs + LONGEST_WAIT_US);
    return Math.max(0, Math.min(untilUs - nowUs, unwritten > 0 ? LISTEN_EVERY_US : LONGEST_WAIT_US));
  }

  /** Tells some of what waits, as far as its reader has room for it: without waiting, and not so much that frames would. */
  #flush(nowUs: number): void {
    if (nowUs < this.#tellAtUs) return;
    const told = offer(LOG, this.#log.waiting.subarray(0, TELL_BYTES));
    // Who does not read any more will end this process, too.
    if (told < 0) this.#tellAtUs = nowUs + TELL_AGAIN_US;
    else this.#log.forget(told);
  }

  #open(order: WireOrder, side: Side): PacketSocket {
    const { device, spare } = order.devices[side];
    const socket = new PacketSocket(device, RING_FRAMES);
    this.#ends.push({ side, socket, isSpare: false, lastUs: 0 });
    if (spare !== null)
      this.#ends.push({ side, socket: new PacketSocket(spare, RING_FRAMES), isSpare: true, lastUs: 0 });
    return socket;
  }
}

/** One turn of Node's loop, in which messages come and go. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Messages that are not with the kernel yet: they need turns of Node's loop. */
let unwritten = 0;

function tell(message: WireMessage, then: () => void = () => {}): void {
  unwritten += 1;
  process.send?.(message, undefined, undefined, () => {
    unwritten -= 1;
    then();
  });
}

function fail(error: unknown): void {
  const because = error instanceof Error ? error.message : String(error);
  tell({ kind: "failed", because }, () => process.disconnect());
}

let station: Station | undefined;

process.on("message", (message) => {
  const command = message as WireCommand;
  try {
    if (command.kind !== "order") station?.hear(command);
    else if (station === undefined) {
      endWaitsOnTime();
      becomeUrgent();
      station = new Station(command.order);
      tell({ kind: "ready" });
      station.run().catch(fail);
    }
  } catch (error) {
    fail(error);
  }
});
process.on("disconnect", () => process.exit(0));
