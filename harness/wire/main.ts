// The program of a wire's process: it lives in the namespace between two hosts and does nothing else, so that no other work
// delays a frame. It hears from the trial over Node's IPC channel, and ends with it.
import { hrtime } from "node:process";
import { PacketSocket } from "../kernel/packet.ts";
import { endWaitsOnTime, Poll } from "../kernel/poll.ts";
import { socketError } from "../kernel/socket.ts";
import { becomeUrgent } from "../kernel/urgency.ts";
import { SegmentLog } from "./log.ts";
import { Wire } from "./loop.ts";
import type { WireCommand, WireMessage, WireOrder } from "./order.ts";
import type { Side } from "./side.ts";

/** Node puts the channel there for a child whose stdio is three descriptors and "ipc". */
const CHANNEL = 3;
/** How many frames may wait at one end to be read: 8 MiB, 40 ms at 100,000 a second. */
const RING_FRAMES = 4096;
/** How many frames of one end are read before the other end and the schedule have their turn. */
const BURST = 64;
/** What waits to be told goes out after so long, or when the buffer is half full. */
const TELL_AFTER_US = 20_000;
const LOG_BYTES = 1 << 20;
/** The same, when whole frames are told. */
const CAPTURE_BYTES = 1 << 23;
/** No header is longer than this: Ethernet, IPv6 with extensions, TCP with options. */
const HEADERS_BYTES = 256;
/** How many messages may be on their way to the trial. A trial that does not read finds later ones not told, but counted. */
const MOST_UNREAD = 8;
/** More segments than this are only counted: some 40 MB of recording. */
const MOST_TOLD = 100_000;
/** Under a steady stream of frames, the channel is looked at so often. */
const LISTEN_EVERY_US = 2_000;
const LONGEST_WAIT_US = 1_000_000;
/** While messages are being written, Node's own loop has a turn so often. */
const TURN_EVERY_US = 2_000;

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
}

class Station {
  readonly #ends: End[] = [];
  readonly #active: [PacketSocket, PacketSocket];
  readonly #wire: Wire;
  readonly #log: SegmentLog;
  readonly #poll: Poll;
  #unread = 0;
  #finished = false;

  constructor(order: WireOrder) {
    this.#active = [this.#open(order, 0), this.#open(order, 1)];
    const bytes = order.keepBytes > HEADERS_BYTES ? CAPTURE_BYTES : LOG_BYTES;
    this.#log = new SegmentLog({ bytes, keepBytes: order.keepBytes, most: MOST_TOLD });
    const sendTo = (side: Side, bytes: Uint8Array, length: number): boolean =>
      this.#active[side].send(bytes, length) === 0;
    this.#wire = new Wire(order.plan, { sendTo, router: order.router }, this.#log);
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
      this.#flush(clockUs());
      await turn();
    }
    this.#wire.finish(clockUs());
    for (const { socket } of this.#ends) this.#wire.addLost(socket.lost());
    while (this.#log.fullness > 0) {
      this.#flush(Number.POSITIVE_INFINITY);
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
      if (this.#isTelling(nowUs)) return;
      if (busy) {
        if (nowUs > until) return;
        continue;
      }
      this.#poll.wait(this.#idleUs());
      if (this.#poll.isReady(0) || (this.#unread > 0 && clockUs() > until)) return;
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
      if (active) this.#wire.arrive(side, socket.bytes, socket.length, clockUs());
      else this.#wire.refuse(side, socket.bytes, socket.length, clockUs());
      socket.done();
      count += 1;
    }
    return count > 0;
  }

  #idleUs(): number {
    const nowUs = clockUs();
    const mayTell = this.#unread < MOST_UNREAD && Number.isFinite(this.#log.sinceUs);
    const tellUs = mayTell ? this.#log.sinceUs + TELL_AFTER_US : Number.POSITIVE_INFINITY;
    const untilUs = Math.min(this.#wire.nextDueUs(), tellUs, nowUs + LONGEST_WAIT_US);
    return Math.max(0, Math.min(untilUs - nowUs, this.#unread > 0 ? TURN_EVERY_US : LONGEST_WAIT_US));
  }

  #isTelling(nowUs: number): boolean {
    if (this.#unread >= MOST_UNREAD) return false;
    return this.#log.fullness > 0.5 || nowUs - this.#log.sinceUs > TELL_AFTER_US;
  }

  #flush(nowUs: number): void {
    if (!this.#isTelling(nowUs)) return;
    this.#unread += 1;
    tell({ kind: "segments", batch: this.#log.take() }, () => {
      this.#unread -= 1;
    });
  }

  #open(order: WireOrder, side: Side): PacketSocket {
    const { device, spare } = order.devices[side];
    const socket = new PacketSocket(device, RING_FRAMES);
    this.#ends.push({ side, socket, isSpare: false });
    if (spare !== null)
      this.#ends.push({ side, socket: new PacketSocket(spare, RING_FRAMES), isSpare: true });
    return socket;
  }
}

/** One turn of Node's loop, in which messages come and go. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function tell(message: WireMessage, then: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, then);
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
