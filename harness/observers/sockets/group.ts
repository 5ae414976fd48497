import { LISTEN, stateName, timerName } from "../../kernel/sockdiag/state.ts";
import type { TcpInfo } from "../../kernel/tcpinfo.ts";
import type { SocketExample, SocketGroup } from "../../model/sample.ts";
import type { TcpInfoExcerpt } from "../../model/tcp-info.ts";
import type { Exchanged, Owner, Side } from "../../model/state.ts";
import type { Classifier } from "./classifier.ts";
import type { Row } from "./row.ts";

const SIDES = ["listener", "connector"] as const satisfies Side[];
/** 0 is for sockets of which nothing is known. */
const EXCHANGED = [undefined, "nothing", "sent", "received", "both"] as const satisfies (
  | Exchanged
  | undefined
)[];
const OWNERS = ["none", "listener", "process", "shared", "unseen"] as const satisfies Owner[];

/** Counts sockets in groups of equal ones, for one sample after another. */
export class Census {
  readonly #examplesEach: number;
  readonly #classifier: Classifier;
  readonly #hasTcpInfo: boolean;
  readonly #always: number | null;
  #descriptors: ReadonlyMap<number, number> = new Map();
  #groups = new Map<number, SocketGroup>();
  #lastKey = -1;
  #lastGroup: SocketGroup | undefined;

  /**
   * `examplesEach`: how many sockets of each group are kept as examples. Several can share a classifier, when each counts a part.
   * `hasTcpInfo`: whether the rows have struct tcp_info, so that groups are also kept apart by what was sent and received. `always`: a local
   * port of which one socket in each group is always an example.
   */
  constructor(
    examplesEach: number,
    classifier: Classifier,
    { hasTcpInfo = false, always = null }: { hasTcpInfo?: boolean; always?: number | null } = {},
  ) {
    this.#always = always;
    this.#examplesEach = examplesEach;
    this.#classifier = classifier;
    this.#hasTcpInfo = hasTcpInfo;
  }

  /** Begins a new sample. The classifier has begun it before. `descriptors`: of each socket in the first of its holders, by inode. */
  begin(descriptors: ReadonlyMap<number, number> = new Map()): void {
    this.#descriptors = descriptors;
    this.#groups = new Map();
    this.#lastKey = -1;
  }

  /** Counts a socket. All LISTEN rows of a sample come first, and the classifier has learnt from them. */
  add(row: Row): void {
    const side = this.#classifier.sideOf(row);
    const owner = this.#classifier.ownerOf(row, side);
    const exchanged = this.#hasTcpInfo && row.state !== LISTEN ? (row.exchanged() ?? undefined) : undefined;
    const key = this.#hasTcpInfo
      ? keyOf(row, side, owner) * EXCHANGED.length + EXCHANGED.indexOf(exchanged)
      : keyOf(row, side, owner);
    // Consecutive sockets mostly belong to the same group.
    let group = key === this.#lastKey ? this.#lastGroup : this.#groups.get(key);
    if (group === undefined) {
      group = groupOf(row, side, owner, exchanged);
      this.#groups.set(key, group);
    }
    this.#lastKey = key;
    this.#lastGroup = group;
    group.count += 1;
    if (group.examples.length < this.#examplesEach) group.examples.push(this.#example(row));
    else if (row.localPort === this.#always) group.examples.splice(-1, 1, this.#example(row));
  }

  /** The groups of this sample, in a fixed order: by port, side, state and the rest. */
  groups(): SocketGroup[] {
    return [...this.#groups].toSorted(([a], [b]) => a - b).map(([, group]) => group);
  }

  #example(row: Row): SocketExample {
    const info = row.tcpInfo();
    const excerpt = info === null ? null : excerptOf(info);
    const peer = this.#classifier.peerOf(row);
    const descriptor = this.#descriptors.get(row.inode);
    return {
      local: end(row.localAddress, row.localPort),
      remote: end(row.remoteAddress, row.remotePort),
      receiveQueueBytes: row.state === LISTEN ? 0 : row.receiveQueue,
      sendQueueBytes: row.state === LISTEN ? 0 : row.sendQueue,
      timerMs: row.timerMs,
      retransmits: row.retransmits,
      uid: row.uid,
      inode: row.inode,
      pids: [...this.#classifier.pidsOf(row.inode)],
      ...(descriptor !== undefined && { descriptor }),
      ...(peer !== null && { peer }),
      ...(excerpt !== null && { tcpInfo: excerpt }),
    };
  }
}

/**
 * The key of a row's group: 29 bits for port, side, state, timer, owner, and whether either queue holds something. There is room
 * for all named states and timers, so nearly every key is a small integer and needs no memory of its own. The higher bits of an
 * unnamed state or timer are placed above these 29 bits.
 */
function keyOf(row: Row, side: Side, owner: Owner): number {
  const port = side === "listener" ? row.localPort : row.remotePort;
  const queues = row.state === LISTEN ? 0 : (row.receiveQueue > 0 ? 2 : 0) | (row.sendQueue > 0 ? 1 : 0);
  const key =
    (port << 13) |
    (SIDES.indexOf(side) << 12) |
    ((row.state & 15) << 8) |
    ((row.timer & 7) << 5) |
    (OWNERS.indexOf(owner) << 2) |
    queues;
  const above = ((row.state >> 4) << 5) | (row.timer >> 3);
  return above === 0 ? key : above * 2 ** 29 + key;
}

/**
 * Makes the group of a socket that is its first member. A listening socket's queues hold connections, not bytes. They belong to
 * the listeners observer, and count as empty here.
 */
function groupOf(row: Row, side: Side, owner: Owner, exchanged: Exchanged | undefined): SocketGroup {
  const listens = row.state === LISTEN;
  return {
    state: stateName(row.state),
    side,
    port: side === "listener" ? row.localPort : row.remotePort,
    timer: timerName(row.timer),
    receiveQueue: !listens && row.receiveQueue > 0 ? "holding" : "empty",
    sendQueue: !listens && row.sendQueue > 0 ? "holding" : "empty",
    owner,
    ...(exchanged !== undefined && { exchanged }),
    count: 0,
    examples: [],
  };
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
function end(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Null when this kernel's struct tcp_info ends before bytes_received (Linux 4.1). Otherwise all fields before it exist, too. */
function excerptOf(info: TcpInfo): TcpInfoExcerpt | null {
  if (info.bytesReceived === null) return null;
  return {
    rttUs: info.rttUs ?? 0,
    rtoUs: info.rtoUs ?? 0,
    sendMssBytes: info.sendMssBytes ?? 0,
    congestionWindow: info.congestionWindow ?? 0,
    unacked: info.unacked ?? 0,
    sacked: info.sacked ?? 0,
    lastDataSentMs: info.lastDataSentMs ?? 0,
    lastDataReceivedMs: info.lastDataReceivedMs ?? 0,
    ...(info.lastAckReceivedMs === null ? {} : { lastAckReceivedMs: info.lastAckReceivedMs }),
    totalRetransmits: info.totalRetransmits ?? 0,
    bytesAcked: info.bytesAcked ?? 0,
    bytesReceived: info.bytesReceived,
    ...(info.bytesSent === null ? {} : { bytesSent: info.bytesSent }),
    ...(info.dataSegmentsOut === null ? {} : { dataSegmentsSent: info.dataSegmentsOut }),
    ...(info.notSentBytes === null ? {} : { notSentBytes: info.notSentBytes }),
  };
}
