import type { HostName } from "../model/names.ts";
import { decided, likely, span, undecided, type Cause, type Verdict } from "./attribution.ts";
import { arrivedBefore, type Closing, endOf, reaches, sentBefore } from "./closings.ts";
import type { CounterSpan } from "./counted.ts";
import { isUnaccepted, lastRow, type Sources, sysctlAt } from "./evidence.ts";
import type { SeenSocket } from "./rows.ts";
import { possibleKinds } from "./share.ts";

/**
 * The counter that moves with each reset of a kind (net/ipv4/tcp.c, __tcp_close; net/ipv4/tcp_timer.c, tcp_keepalive_timer and
 * tcp_out_of_resources). A reset of tcp_disconnect() moves none: it ends the connections that a closed listener has not accepted
 * (inet_csk_listen_stop in net/ipv4/inet_connection_sock.c), and those of connect() with AF_UNSPEC and of `ss -K`.
 */
const COUNTER = {
  "unread-bytes": "TcpExtTCPAbortOnClose",
  "linger-zero": "TcpExtTCPAbortOnData",
  linger2: "TcpExtTCPAbortOnLinger",
  "orphan-limit": "TcpExtTCPAbortOnMemory",
  "keep-alive": "TcpExtTCPAbortOnTimeout",
} as const;

type Counted = keyof typeof COUNTER;
const COUNTED = Object.keys(COUNTER) as Counted[];
/** Only these always send a reset when they move: where one has moved more often than there are resets, others were not recorded. */
const ALWAYS_RESET: readonly Counted[] = ["unread-bytes", "linger2"];

/** How long before and after a reset its counter is looked for: first shortly, then, where that is contradictory, longer. */
const SLACKS_US = [5000, 60_000];

/** A reset that a socket sent by itself, and what of it is known without counters. */
interface Facts {
  closing: Closing;
  /** The kinds that the wire and the rows leave. */
  kinds: Counted[];
  last: { atUs: number; socket: SeenSocket } | null;
  /** Bytes that came since the last look at the socket, or that it had not read then. */
  unread: number;
  /** How many keep-alive probes were the last that the end sent, without an answer. */
  probes: number;
  /** How many there are, if the socket does not say otherwise (TCP_KEEPCNT). */
  mostProbes: number | null;
}

/**
 * The causes of the resets that the sockets of one host sent by themselves. `others` are moments at which the host refused data after
 * close(), which moves a counter of theirs, too.
 */
export function activeResets(
  host: HostName,
  resets: Closing[],
  others: number[],
  sources: Sources,
): Map<Closing, Verdict> {
  const all = resets.map((closing) => factsOf(closing, sources));
  const found = new Map<Closing, Verdict>();
  for (const slackUs of SLACKS_US) {
    const open = all.filter(({ closing }) => isOpen(found.get(closing)));
    // All of them, because each takes part in what the counters have to explain.
    const together = clusters(host, all, slackUs, sources);
    for (const { members, span: counters } of together) {
      if (!members.some((one) => open.includes(one))) continue;
      // Without counters on both sides that far away, the shorter span stands.
      if (counters === null && members.every(({ closing }) => found.has(closing))) continue;
      const verdicts = counters === null ? members.map(fromRows) : shared(members, others, counters);
      for (const [nth, { closing }] of members.entries()) {
        const verdict = verdicts[nth];
        if (verdict === undefined || !open.some((one) => one.closing === closing)) continue;
        found.set(closing, ofLonger(verdict, found.get(closing)));
      }
    }
  }
  return found;
}

/** Whether a longer span can tell more: of what moved no counter, too, because a busy machine moves it later. */
function isOpen(verdict: Verdict | undefined): boolean {
  return verdict === undefined || verdict.sure === "undecided" || verdict.cause === "disconnect";
}

/** The verdict of a longer span, and the one of the shorter span before it. */
function ofLonger(verdict: Verdict, before: Verdict | undefined): Verdict {
  if (before?.cause !== "disconnect") return verdict;
  if (verdict.cause === "disconnect") return { ...verdict, sure: "decided", orElse: [] };
  // Other resets that are near say nothing of this one.
  return verdict.sure === "undecided" ? before : verdict;
}

interface Cluster {
  members: Facts[];
  span: CounterSpan | null;
}

/** The resets whose spans between two looks at the counters overlap, together. */
function clusters(host: HostName, all: Facts[], slackUs: number, { counters }: Sources): Cluster[] {
  const found: Cluster[] = [];
  for (const one of all.toSorted((a, b) => a.closing.packet.atUs - b.closing.packet.atUs)) {
    const { atUs } = one.closing.packet;
    const own = counters.span(host, atUs, atUs, slackUs);
    const latest = found.at(-1) ?? null;
    const first = latest?.members[0]?.closing.packet.atUs ?? atUs;
    if (latest !== null && latest.span !== null && own !== null && own.fromUs < latest.span.untilUs) {
      latest.members.push(one);
      latest.span = counters.span(host, first, atUs, slackUs);
    } else found.push({ members: [one], span: own });
  }
  return found;
}

/** Shares what the counters moved among resets. */
function shared(members: Facts[], others: number[], counters: CounterSpan): Verdict[] {
  const moved = new Map(COUNTED.map((kind) => [kind, counters.moved(COUNTER[kind])] as const));
  const keyOf = ({ kinds }: Facts): string => kinds.join();
  const groups = new Map<string, { count: number; kinds: Counted[] }>();
  for (const one of members) {
    const known = groups.get(keyOf(one));
    if (known === undefined) groups.set(keyOf(one), { count: 1, kinds: one.kinds });
    else known.count += 1;
  }
  const within = others.filter((us) => us >= counters.fromUs && us <= counters.untilUs).length;
  const list = [
    ...groups.values(),
    ...(within === 0 ? [] : [{ count: within, kinds: ["linger-zero" as const] }]),
  ];
  const options = possibleKinds(list, moved);
  const isWhole = !ALWAYS_RESET.some((kind) => hasMore(kind, list, moved));
  const ofGroup = new Map([...groups.keys()].map((key, nth) => [key, options[nth] ?? []] as const));
  return members.map((one) => verdictOf(one, ofGroup.get(keyOf(one)) ?? [], moved, isWhole));
}

/** Whether a counter moved more often than these resets can explain. */
function hasMore(
  kind: Counted,
  groups: { count: number; kinds: Counted[] }[],
  moved: ReadonlyMap<Counted, number>,
): boolean {
  const able = groups.filter(({ kinds }) => kinds.includes(kind)).reduce((sum, { count }) => sum + count, 0);
  return (moved.get(kind) ?? 0) > able;
}

function verdictOf(
  one: Facts,
  options: (Counted | null)[],
  moved: ReadonlyMap<Counted, number>,
  isWhole: boolean,
): Verdict {
  const [kind] = options;
  if (options.length === 1 && kind !== undefined && kind !== null) {
    const because = `${COUNTER[kind]} moved by ${moved.get(kind)} with it${detail(one, kind)}`;
    if (kind === "keep-alive") return ofProbes(one, because);
    return isWhole ? decided(kind, because) : likely(kind, because, ...othersOf(one, kind));
  }
  if (options.length === 0 || (options.length === 1 && kind === null)) return uncounted(one);
  const causes = options.map((option): Cause => option ?? "disconnect");
  const because = `several resets between two samples: ${options
    .flatMap((option) => (option === null ? [] : [`${COUNTER[option]} +${moved.get(option)}`]))
    .join(", ")}`;
  return undecided(because, ...causes);
}

/** TCP_USER_TIMEOUT can end the wait for an answer after fewer probes than there would be without it. */
function ofProbes({ probes, mostProbes }: Facts, because: string): Verdict {
  return probes === mostProbes
    ? decided("keep-alive", `${because}, and there are no more of them`)
    : likely("keep-alive", because, "user-timeout");
}

function detail({ unread, probes, last }: Facts, kind: Counted): string {
  if (kind === "unread-bytes") return `; ${unread} bytes had come and were not read, as far as samples show`;
  if (kind === "keep-alive") return `; its last ${probes} probes had no answer`;
  if (kind === "linger-zero" && last !== null) return "; no other reset explains it";
  return "";
}

function othersOf({ kinds }: Facts, kind: Counted): Cause[] {
  return kinds.filter((one) => one !== kind);
}

/** A reset that moved no counter of its own: one of tcp_disconnect(). */
function uncounted({ last, closing }: Facts): Verdict {
  const counters = "no counter of aborted connections moved with it";
  if (last !== null && isUnaccepted(last.socket)) {
    return decided(
      "listener-closed",
      `no process had accepted the connection (${last.socket.state}, no inode), and ${counters}`,
    );
  }
  if (last !== null && last.socket.row.inode !== 0) {
    // tcp_disconnect() sends its reset before its caller moves a counter (__tcp_close), which another program can delay.
    const because = `a process held the socket (${last.socket.state}), and ${counters}`;
    return likely("disconnect", because, "linger-zero");
  }
  return undecided(
    `no sample shows the socket before, and ${counters}`,
    ...(isListening(closing) ? (["listener-closed"] as const) : []),
    "disconnect",
  );
}

/** What is left without counters around the reset. */
function fromRows(one: Facts): Verdict {
  const { last, kinds, unread, probes } = one;
  const without = "its counters were not read afterwards";
  if (last !== null && isUnaccepted(last.socket)) {
    return likely(
      "listener-closed",
      `no process had accepted the connection (${last.socket.state}, no inode); ${without}`,
    );
  }
  if (probes > 0)
    return likely(
      "keep-alive",
      `its last ${probes} probes had no answer; ${without}`,
      ...othersOf(one, "keep-alive"),
    );
  const queued = last === null ? 0 : last.socket.row.receiveQueueBytes;
  if (queued > 0 && unread > 0) {
    return likely(
      "unread-bytes",
      `${queued} bytes were not read ${span(one.closing.packet.atUs - last!.atUs)} before; ${without}`,
      "linger-zero",
    );
  }
  if (kinds.join() === "linger-zero" && last !== null) {
    return likely("linger-zero", `nothing had come that was not read; ${without}`, "disconnect");
  }
  return undecided(
    without,
    ...kinds,
    ...(last === null && isListening(one.closing) ? (["listener-closed"] as const) : []),
  );
}

/** Whether the end that reset was the one that was connected to. */
function isListening({ connection, near }: Closing): boolean {
  const [, listener] = connection.ends;
  return listener.host === near.host && listener.port === near.port;
}

function factsOf(closing: Closing, sources: Sources): Facts {
  const { packet, near, far } = closing;
  const last = lastRow(sources, closing, [near, far], packet.atUs);
  const sent = sentBefore(closing, near, packet.atUs);
  const came = arrivedBefore(closing, near, packet.atUs);
  const fin = sent.find(({ flags }) => flags.includes("FIN"));
  const isFinAcknowledged =
    fin !== undefined &&
    came.some(({ acknowledgement }) => acknowledgement !== null && reaches(acknowledgement, endOf(fin)));
  const unread = unreadBytes(came, last);
  const probes = unansweredProbes(closing);
  const isOrphan = fin !== undefined || (last !== null && last.socket.row.inode === 0);
  const could: Record<Counted, boolean> = {
    "unread-bytes": unread > 0,
    "linger-zero": true,
    linger2: isFinAcknowledged,
    "orphan-limit": isOrphan,
    "keep-alive": probes > 0,
  };
  const isNotAccepted = last !== null && isUnaccepted(last.socket);
  const kinds = isNotAccepted ? [] : COUNTED.filter((kind) => could[kind]);
  const most = sysctlAt(sources.recording, near.host, "net.ipv4.tcp_keepalive_probes", packet.atUs);
  return { closing, kinds, last, unread, probes, mostProbes: most === null ? null : Number(most) };
}

/**
 * The bytes that the program can have left unread: those that the last look found in the receive queue, and those that came since. The
 * other end's FIN counts as a byte in the queue until the program has read it (tcp_diag_get_info in net/ipv4/tcp_diag.c).
 */
function unreadBytes(came: Closing["packet"][], last: Facts["last"]): number {
  const hasFin = came.some(
    ({ flags, sentUs }) => flags.includes("FIN") && (sentUs ?? 0) <= (last?.atUs ?? 0),
  );
  const queued = last === null ? 0 : Math.max(0, last.socket.row.receiveQueueBytes - (hasFin ? 1 : 0));
  const since = came.filter(
    ({ sentUs, payloadBytes }) => payloadBytes > 0 && (sentUs ?? 0) >= (last?.atUs ?? 0),
  );
  return queued + since.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
}

/**
 * How many segments without data, each with the number before the next one, an end had sent last, since anything came to it: keep-alive
 * probes (tcp_xmit_probe_skb in net/ipv4/tcp_output.c).
 */
function unansweredProbes(closing: Closing): number {
  const { packet, near } = closing;
  const lastCameUs = arrivedBefore(closing, near, packet.atUs).reduce(
    (us, one) => Math.max(us, one.sentUs ?? 0),
    0,
  );
  const sent = sentBefore(closing, near, packet.atUs);
  const next = sent.reduce<number | null>(
    (most, one) => (most === null || reaches(endOf(one), most) ? endOf(one) : most),
    null,
  );
  if (next === null) return 0;
  const isProbe = ({ sequence, payloadBytes, flags }: Closing["packet"]): boolean =>
    payloadBytes === 0 && flags.join() === "ACK" && sequence === (next - 1) >>> 0;
  const others = sent.findLastIndex((one) => !isProbe(one) || one.atUs < lastCameUs);
  return sent.length - 1 - others;
}
