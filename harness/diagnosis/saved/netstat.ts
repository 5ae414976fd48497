import { SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import type { Column } from "../../measure/unread.ts";
import { parseEnd } from "./end.ts";
import type { Section } from "./section.ts";
import type { Dump, SavedSocket, Unreadable } from "./socket.ts";

/** The names of states that netstat prints (tcp_state, netstat.c of net-tools). */
const STATES: Record<string, (typeof SOCKET_STATES)[number]> = {
  ESTABLISHED: "ESTABLISHED",
  SYN_SENT: "SYN-SENT",
  SYN_RECV: "SYN-RECEIVED",
  FIN_WAIT1: "FIN-WAIT-1",
  FIN_WAIT2: "FIN-WAIT-2",
  TIME_WAIT: "TIME-WAIT",
  CLOSE_WAIT: "CLOSE-WAIT",
  LAST_ACK: "LAST-ACK",
  LISTEN: "LISTEN",
  CLOSING: "CLOSING",
};
/** The kernel's numbers of the timers that netstat names (netstat.c of net-tools). */
const TIMERS: Record<string, number> = { off: 0, on: 1, keepalive: 2, timewait: 3, probe: 4 };
const ROW = /^tcp6?\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+([A-Z_0-9]+)\s*(.*)$/;
const TIMER = /(?:^|\s)(off|on|keepalive|timewait|probe|unkn-\d+) \((\d+\.\d+)\/(\d+)\/\d+\)\s*$/;

/** Reads what netstat printed of TCP, with any options. Its listeners do not show how many connections may wait. */
export function parseNetstat({ lines, command }: Section): Dump {
  const unreadable: Unreadable[] = [];
  const sockets: SavedSocket[] = [];
  const header = lines.find(({ text }) => text.startsWith("Proto") && text.includes("Foreign"))?.text ?? "";
  const options = command?.options ?? new Set<string>();
  const all = lines.map(({ text }) => text).filter((text) => ROW.test(text));
  const has = {
    inode: header.includes("Inode") || options.has("e"),
    holder: header.includes("PID/Program") || options.has("p"),
    timer: header.includes("Timer") || options.has("o") || all.some((text) => TIMER.test(text)),
  };
  for (const { number, text } of lines) {
    if (/^(?:Active|Proto)\s/.test(text)) continue;
    if (!text.startsWith("tcp")) continue;
    const read = socketIn(number, text, has);
    if (typeof read === "string") unreadable.push({ line: number, text: text.trim(), because: read });
    else sockets.push(read);
  }
  const lacks: [Column, boolean][] = [
    ["timer", !has.timer],
    ["holder", !has.holder],
    ["inode", !has.inode],
    ["info", true],
    ["backlog", true],
  ];
  const listens = sockets.map(({ state }) => SOCKET_STATES[state] === "LISTEN");
  return {
    sockets,
    lacks: new Set(lacks.flatMap(([column, is]) => (is ? [column] : []))),
    shows: {
      listeners: options.has("a") || options.has("l") || listens.includes(true),
      connections: !options.has("l") && (options.has("a") || listens.includes(false)),
    },
    oneHolder: true,
    unreadable,
  };
}

function socketIn(
  line: number,
  text: string,
  has: { inode: boolean; holder: boolean; timer: boolean },
): SavedSocket | string {
  const [, receive, send, here = "", there = "", word = "", rest = ""] = ROW.exec(text.trim()) ?? [];
  if (receive === undefined) return "it is not a row of netstat";
  const name = STATES[word];
  if (name === undefined || name === null) return `${word} is not a state of TCP`;
  const [local, remote] = [parseEnd(here), parseEnd(there)];
  if (local === null || remote === null)
    return `${local === null ? here : there} is not an address with a port in digits: use netstat -n`;
  const [timer, , time, times] = TIMER.exec(rest) ?? [];
  const [, kind = "off"] = TIMER.exec(rest) ?? [];
  const middle = timer === undefined ? rest : rest.slice(0, rest.length - timer.length);
  const [, uid, inode, program = ""] = has.inode
    ? (/^(\S+)\s+(\d+)\s*(.*)$/.exec(middle) ?? [])
    : ["", undefined, undefined, middle];
  return {
    line,
    text: text.trim().replaceAll(/\s+/g, " "),
    state: SOCKET_STATES.indexOf(name),
    timer: TIMERS[kind] ?? Number(kind.slice("unkn-".length)),
    timerMs: Math.round(Number(time ?? 0) * 1000),
    retransmits: Number(times ?? 0),
    local,
    remote,
    receiveQueue: Number(receive),
    sendQueue: Number(send),
    uid: Number(uid ?? 0) || 0,
    inode: inode === undefined ? null : Number(inode),
    holders: has.holder ? holderIn(program) : [],
    info: null,
  };
}

/** `4711/nginx: worker`; `-` where there is none, or nobody may see it. */
function holderIn(text: string): SavedSocket["holders"] {
  const [, pid, name = ""] = /^(\d+)\/(.*)$/.exec(text.trim()) ?? [];
  return pid === undefined ? [] : [{ pid: Number(pid), name: name.trim(), descriptor: null }];
}
