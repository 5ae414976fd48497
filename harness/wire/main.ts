// The program of a wire's process. It runs in the network namespace between two hosts and does nothing else, so that no other work
// delays a frame. It gets its commands from the trial over Node's IPC channel, and exits when that channel closes.
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

/** The descriptors after stdin, stdout and stderr: Node's IPC channel, and the socket to which the log is sent. */
const CHANNEL = 3;
const LOG = 4;
/** The most frames that can wait at one end to be read: 8 MiB, 40 ms at 100,000 frames a second. */
const RING_FRAMES = 4096;
/** The most frames that are read at one end before the other end and the schedule get their turn. */
const BURST = 64;
/** The log is sent this long after its oldest entry was written. When the socket takes nothing, it is tried again after TELL_AGAIN_US. */
const TELL_AFTER_US = 20_000;
const TELL_AGAIN_US = 2_000;
const TELL_BYTES = 1 << 17;
/** Room for all segments that are logged, however late they are read. The system provides the memory only when it is written to. */
const LOG_BYTES = 1 << 25;
/** The same, when whole frames are logged. */
const CAPTURE_BYTES = 1 << 27;
/** No header is longer than this: Ethernet, IPv6 with extensions, TCP with options. */
const HEADERS_BYTES = 256;
/** The most segments that are logged: some 40 MB of recording. Further segments are only counted. */
const MOST_TOLD = 100_000;
/** How often the IPC channel is read while frames keep arriving. */
const LISTEN_EVERY_US = 2_000;
const LONGEST_WAIT_US = 1_000_000;

const baseUs = clocksApartUs();

/** CLOCK_MONOTONIC in microseconds, the same as the trial's clock, but without the cost of a bigint. */
function clockUs(): number {
  return Math.floor(performance.now() * 1000 + baseUs);
}

/**
 * How far CLOCK_MONOTONIC is ahead of performance.now(). When the process loses the processor between the readings, the difference is
 * wrong. Therefore it is measured 20 times, and the measurement that took the least time is used.
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
  /** When the last frame arrived at this end. */
  lastUs: number;
}

class Station {
  readonly #ends: End[] = [];
  readonly #active: [PacketSocket, PacketSocket];
  readonly #wire: Wire;
  readonly #log: SegmentLog;
  readonly #poll: Poll;
  readonly #arrivals = new ArrivalClock({ nowUs: clockUs, realUs: realTimeUs });
  /** The log is not sent before this time. */
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
      if (spare === undefined) throw new Error(`no new stack was prepared for side ${act.side}`);
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
    // The process exits only when the kernel has everything that was sent.
    tell({ kind: "finished", summary: this.#wire.summary() }, () => process.disconnect());
  }

  /** Moves frames until there is a message to read, or one to write. */
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
        // An interface that went down reports an error until the error is read. Without reading it, this loop would not wait any more.
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

  /** Sends a part of the log, as much as the socket takes. It does not block, and the part is small enough not to delay frames. */
  #flush(nowUs: number): void {
    if (nowUs < this.#tellAtUs) return;
    const told = offer(LOG, this.#log.waiting.subarray(0, TELL_BYTES));
    // A trial that no longer reads needs no handling here: it ends this process too.
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

/** One turn of Node's event loop, in which messages are read and written. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The number of messages that Node has not given to the kernel yet: they need turns of Node's event loop. */
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
