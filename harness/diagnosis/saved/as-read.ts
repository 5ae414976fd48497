import { type Column, withUnread, withValues } from "../../measure/unread.ts";
import type { ListenerRow, ProcessRow, SocketExample, SocketGroup } from "../../model/sample.ts";
import type { SavedEvidence } from "./evidence.ts";

/** States without a struct tcp_info. */
const WITHOUT_INFO = new Set(["LISTEN", "TIME-WAIT", "SYN-RECEIVED"]);

/** A group in which what the text lacks is unread. */
export function groupAsRead(
  group: SocketGroup,
  { lacks, oneHolder }: Pick<SavedEvidence, "lacks" | "oneHolder">,
): SocketGroup {
  // Without the column of inodes nobody knows whether somebody holds a socket for which no holder is shown.
  const isUntold = group.owner === "unseen" && (lacks.has("holder") || lacks.has("inode"));
  const isOneOfSome = oneHolder && (group.owner === "listener" || group.owner === "process");
  return withUnread(
    withValues(group, {
      ...(isOneOfSome && { owner: "unseen" }),
      examples: group.examples.map((row) => exampleAsRead(row, lacks)),
    }),
    {
      ...(isUntold && { owner: "holder" }),
      ...(lacks.has("timer") &&
        group.state !== "TIME-WAIT" &&
        group.state !== "LISTEN" && { timer: "timer" }),
      ...(lacks.has("info") && !WITHOUT_INFO.has(group.state) && { exchanged: "info" }),
    },
  );
}

/** A listener of a look in which what the text lacks is unread. */
export function listenerAsRead(
  listener: ListenerRow,
  all: readonly ListenerRow[],
  lacks: ReadonlySet<Column>,
): ListenerRow {
  const isAlone =
    all.filter(({ address, port }) => address === listener.address && port === listener.port).length === 1;
  return withUnread(listener, {
    ...(lacks.has("backlog") && { backlog: "backlog" }),
    ...(lacks.has("holder") && { pids: "holder" }),
    ...(lacks.has("inode") && lacks.has("holder") && !isAlone && { inode: "inode" }),
  });
}

function exampleAsRead(row: SocketExample, lacks: ReadonlySet<Column>): SocketExample {
  if (lacks.size === 0) return row;
  return withUnread(row, {
    ...(lacks.has("timer") && { timerMs: "timer", retransmits: "timer" }),
    ...(lacks.has("inode") && { inode: "inode", uid: "inode" }),
    ...(lacks.has("holder") && { pids: "holder", descriptor: "holder" }),
    ...(lacks.has("info") && { tcpInfo: "info" }),
  });
}

/** A process of which a text shows no more than its pid and its name. */
export function processAsRead({ pid, name }: Pick<ProcessRow, "pid" | "name">): ProcessRow {
  const row = { pid, name, program: "", parentPid: 0, descriptors: 0, sockets: 0, rssBytes: 0, cpuMs: 0 };
  return withUnread<ProcessRow>(row, {
    parentPid: "process",
    state: "process",
    leaderEnded: "process",
    descriptors: "process",
    descriptorLimit: "process",
    sockets: "process",
    socketsWithoutRow: "process",
    rssBytes: "process",
    cpuMs: "process",
    ageMs: "process",
    waits: "process",
  });
}
