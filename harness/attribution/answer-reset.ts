import type { PacketSample } from "../model/sample.ts";
import { decided, likely, span, undecided, type Verdict } from "./attribution.ts";
import { arrivedBefore, type Closing, endOf, reaches, sentBefore } from "./closings.ts";
import { lastRow, rebootedBefore, type Sources, sysctlAt } from "./evidence.ts";

/** How long around a reset the counters are read. */
const SLACK_US = 60_000;
/** Kernels schedule the end of FIN-WAIT-2 by jiffies, and the wire takes its time: the timeout can seem this much shorter. */
const EARLY_US = 50_000;

/** The cause of a reset that answers a segment: the segment, and what became of the connection before. */
export function answerReset(
  closing: Closing,
  answered: PacketSample | "not recorded",
  sources: Sources,
): Verdict {
  if (answered === "not recorded") {
    return undecided("it answers a segment that was not recorded", "no-connection", "data-after-close");
  }
  if (answered.flags.includes("SYN") && !answered.flags.includes("ACK")) return refusedSyn(closing, sources);
  return (
    ofSuccessor(closing, sources) ??
    afterItsEnd(closing, answered, sources) ??
    duringHandshake(closing, answered, sources) ??
    withoutSocket(closing, sources)
  );
}

function refusedSyn({ packet, near }: Closing, { rows }: Sources): Verdict {
  const { before, after } = rows.listening(near.host, near.port, packet.atUs);
  if (before === true && after === true) {
    return undecided(
      `it refuses a SYN, although samples before and after show a listener on port ${near.port}`,
      "no-listener",
    );
  }
  const looks = before === null && after === null ? "" : `; a sample shows no listener on port ${near.port}`;
  return decided("no-listener", `it answers a SYN, with sequence number 0${looks}`);
}

/**
 * A reset to a segment of an old connection, from a host that opens a new one with the same ports: its new socket gets the segment, which
 * acknowledges nothing that the socket has sent (tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c).
 */
function ofSuccessor({ packet, near, connection }: Closing, { all }: Sources): Verdict | null {
  const { untilUs, link } = connection;
  if (untilUs === null || untilUs > packet.atUs) return null;
  const next = all.find(
    (one) =>
      one.connection.link === link &&
      one.connection.fromUs === untilUs &&
      one.connection.ends.every(({ port }) => connection.ends.some((end) => end.port === port)),
  );
  const [opener] = next?.connection.ends ?? [];
  if (next === undefined || opener?.host !== near.host || opener.port !== near.port) return null;
  const sent = sentBefore(next, near, packet.atUs);
  if (sent.some(({ flags }) => flags.join() !== "SYN")) return null;
  const because = "it opens a new connection with the same ports, and the segment acknowledges the old one";
  return decided("wrong-acknowledgement", because);
}

/** A reset from a host that had closed, reset or forgotten the connection before. */
function afterItsEnd(closing: Closing, answered: PacketSample, sources: Sources): Verdict | null {
  const { packet, near, connection } = closing;
  const sent = sentBefore(closing, near, packet.atUs);
  const came = arrivedBefore(closing, near, answered.sentUs ?? packet.atUs).filter((one) => one !== answered);
  const own = sent.find(({ flags }) => flags.includes("RST"));
  const theirs = came.find(({ flags }) => flags.includes("RST"));
  const ended = own ?? theirs;
  if (ended !== undefined) {
    const how = ended === own ? "it had reset the connection" : "it had got a reset";
    return decided("no-connection", `${how} ${span(packet.atUs - ended.atUs)} before`);
  }
  const rebootedUs = rebootedBefore(sources.recording, near.host, packet.atUs);
  if (rebootedUs !== null && connection.fromUs < rebootedUs) {
    return decided("no-connection", `the host was rebooted ${span(packet.atUs - rebootedUs)} before`);
  }
  const fin = sent.find(({ flags }) => flags.includes("FIN"));
  return fin === undefined ? null : afterItsFin(closing, answered, { fin, came }, sources);
}

function afterItsFin(
  closing: Closing,
  answered: PacketSample,
  { fin, came }: { fin: PacketSample; came: PacketSample[] },
  sources: Sources,
): Verdict | null {
  const { recording, counters } = sources;
  const { packet, near, far } = closing;
  const when = span(packet.atUs - fin.atUs);
  const acknowledged = came.find(
    ({ acknowledgement }) => acknowledgement !== null && reaches(acknowledgement, endOf(fin)),
  );
  const isOver = acknowledged !== undefined && came.some(({ flags }) => flags.includes("FIN"));
  if (isOver) return decided("no-connection", `the connection was over: both FINs were acknowledged`);
  const timeout = Number(sysctlAt(recording, near.host, "net.ipv4.tcp_fin_timeout", packet.atUs) ?? 60);
  const waitedUs = acknowledged === undefined ? 0 : packet.atUs - (acknowledged.sentUs ?? 0);
  if (acknowledged !== undefined && waitedUs >= timeout * 1e6 - EARLY_US) {
    const because = `its FIN-WAIT-2 had ended: its FIN was acknowledged ${span(waitedUs)} before, and tcp_fin_timeout is ${timeout} s`;
    return decided("no-connection", because);
  }
  if (answered.payloadBytes > 0) {
    const last = lastRow(sources, closing, [near, far], packet.atUs);
    const isHeld = last !== null && last.atUs > fin.atUs && last.socket.row.pids.length > 0;
    const held = `process ${last?.socket.row.pids.join(", ")} still held the socket`;
    const because = `it answers ${answered.payloadBytes} bytes that came ${when} after its own FIN`;
    return isHeld
      ? decided("data-after-shutdown", `${because}; ${held}`)
      : decided("data-after-close", because);
  }
  const isFinAnswer = answered.acknowledgement !== null && reaches(answered.acknowledgement, endOf(fin));
  const moved =
    counters.span(near.host, packet.atUs, packet.atUs, SLACK_US)?.moved("TcpExtTCPAbortOnData") ?? null;
  if (isFinAnswer && acknowledged === undefined && moved !== 0) {
    const because = "it answers the acknowledgement of its own FIN, where others wait in FIN-WAIT-2";
    return moved === null ? likely("linger2", because, "no-connection") : decided("linger2", because);
  }
  return null;
}

/** A reset to a segment of a handshake that was not finished. */
function duringHandshake(closing: Closing, answered: PacketSample, sources: Sources): Verdict | null {
  const { packet, near, connection } = closing;
  const sent = sentBefore(closing, near, packet.atUs);
  if (sent.length === 0 || sent.some(({ flags }) => !flags.includes("SYN"))) return null;
  const [opener] = connection.ends;
  const isOpener = opener.host === near.host && opener.port === near.port;
  if (!isOpener) return thirdSegment(closing, answered, sources);
  if (answered.acknowledgement !== endOf(sent[0]!)) {
    return decided(
      "wrong-acknowledgement",
      "it had sent only its SYN, and the segment acknowledges something else",
    );
  }
  return likely("no-connection", "it answers the SYN-ACK: it had given up its connect()");
}

function thirdSegment(closing: Closing, answered: PacketSample, sources: Sources): Verdict | null {
  const { packet, near, far } = closing;
  const { recording, rows, counters } = sources;
  const first = sentBefore(closing, near, packet.atUs)[0];
  if (first === undefined || answered.acknowledgement !== endOf(first)) return null;
  const last = lastRow(sources, closing, [near, far], packet.atUs);
  if (last !== null && last.socket.state !== "SYN-RECEIVED") return null;
  const name = "net.ipv4.tcp_abort_on_overflow";
  const aborts = sysctlAt(recording, near.host, name, packet.atUs);
  const moved =
    counters.span(near.host, packet.atUs, packet.atUs, SLACK_US)?.moved("TcpExtListenOverflows") ?? null;
  const { before, after } = rows.listening(near.host, near.port, packet.atUs);
  const because = "it answers the third segment of the handshake";
  if (aborts === "1" && moved !== 0 && after !== false) {
    const sysctl = "tcp_abort_on_overflow is 1";
    return moved === null
      ? likely("backlog", `${because}; ${sysctl}`, "listener-closed")
      : decided("backlog", `${because}; ${sysctl}, and TcpExtListenOverflows moved by ${moved}`);
  }
  if (after === false) {
    return likely(
      "listener-closed",
      `${because}; no listener was there in the sample after it`,
      "no-connection",
    );
  }
  if (before === true && after === true && (moved === 0 || aborts === "0")) {
    const there = `${because}; the listener is there, and its queue was not full`;
    return likely("no-connection", `${there}: the kernel had given the handshake up`, "listener-closed");
  }
  return undecided(because, "listener-closed", "backlog", "no-connection");
}

function withoutSocket(closing: Closing, sources: Sources): Verdict {
  const { packet, near, far, connection } = closing;
  const before = sources.rows.of(near, far, connection.fromUs, packet.atUs).at(-1);
  const after = sources.rows.of(near, far, packet.atUs, connection.untilUs ?? Infinity)[0];
  if (before === undefined && after === undefined) {
    return likely("no-connection", "it answers a segment as a host without a socket for it does");
  }
  const isGone = after === undefined || after.socket === null;
  if (before?.socket === null && isGone) {
    return decided("no-connection", "it answers a segment, and samples show no socket for it");
  }
  if (isGone)
    return likely("no-connection", "it answers a segment, and the next sample shows no socket for it");
  return undecided(
    `it answers a segment, although the socket is there afterwards (${after.socket?.state})`,
    "no-connection",
  );
}
