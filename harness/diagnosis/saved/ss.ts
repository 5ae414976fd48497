import { SOCKET_STATES, SOCKET_TIMERS } from "../../kernel/sockdiag/state.ts";
import type { Column } from "../../measure/unread.ts";
import { parseEnd } from "./end.ts";
import { infoIn } from "./ss-info.ts";
import type { Line, Section } from "./section.ts";
import type { Dump, SavedSocket, Unreadable } from "./socket.ts";

/** The names of states that ss prints (sstate_name, misc/ss.c of iproute2), where they are not those of the RFC. */
const NAMES: Record<string, string> = {
  ESTAB: "ESTABLISHED",
  "SYN-RECV": "SYN-RECEIVED",
  "NEW-SYN-RECV": "SYN-RECEIVED",
};
/** Kinds of sockets that are not TCP, by the word in the column Netid. */
const NOT_TCP = /^(?:udp|u_\w+|nl|p_\w+|raw|icmp6?|dccp|sctp|mptcp|tipc|v_\w+|xdp|UDP-Lite|\?\?\?)$/;
/** ss prints `unknown` for a number that it has no name for: Linux 7 has a fifth timer, of delayed acknowledgements. */
const UNKNOWN_TIMER = 255;
const ROW = /^(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(.*)$/;

/** A row of ss with all its lines: with -i and without -O, a row goes on in the next line. */
interface Logical extends Line {
  more: string;
}

/** Reads what ss printed, with any options. */
export function parseSs({ lines, command }: Section): Dump {
  const unreadable: Unreadable[] = [];
  const sockets: SavedSocket[] = [];
  const rows = logical(lines);
  for (const row of rows) {
    const read = socketIn(row);
    if (typeof read === "string") unreadable.push({ line: row.number, text: row.text.trim(), because: read });
    else if (read !== null) sockets.push(read);
  }
  return {
    sockets,
    lacks: lacking(rows, command?.options ?? null),
    shows: shown(sockets, command?.options ?? null),
    oneHolder: false,
    unreadable,
  };
}

function logical(lines: readonly Line[]): Logical[] {
  const rows: Logical[] = [];
  for (const { number, text } of lines) {
    const last = rows.at(-1);
    if (/^\s/.test(text) && last !== undefined) last.more += ` ${text.trim()}`;
    else if (!/^(?:Netid\s+)?(?:State\s+)?Recv-Q\s/.test(text)) rows.push({ number, text, more: "" });
  }
  return rows;
}

/** null for a socket that is not TCP, or is not connected; a sentence for a line that cannot be read. */
function socketIn({ number, text, more }: Logical): SavedSocket | string | null {
  const [first = ""] = text.trim().split(/\s+/, 1);
  if (NOT_TCP.test(first)) return null;
  const [, word = "", receive, send, here = "", there = "", rest = ""] =
    ROW.exec(first === "tcp" ? text.trim().slice("tcp".length).trim() : text.trim()) ?? [];
  if (receive === undefined) return "it is not a row of ss";
  if (word === "UNCONN") return null;
  const state = SOCKET_STATES.indexOf((NAMES[word] ?? word) as (typeof SOCKET_STATES)[number]);
  if (state < 1) return `${word} is not a state of TCP`;
  const [local, remote] = [parseEnd(here), parseEnd(there)];
  if (local === null || remote === null)
    return `${local === null ? here : there} is not an address with a port in digits: use ss -n`;
  const all = `${rest} ${more}`;
  return {
    line: number,
    text: text.trim().replaceAll(/\s+/g, " "),
    state,
    ...timerIn(all),
    local,
    remote,
    receiveQueue: Number(receive),
    sendQueue: Number(send),
    uid: numberIn(/(?:^|\s)uid:(\d+)/, all) ?? 0,
    inode: numberIn(/(?:^|\s)ino:(\d+)/, all),
    holders: holdersIn(all),
    info: SOCKET_STATES[state] === "LISTEN" ? null : infoIn(all),
  };
}

function timerIn(text: string): Pick<SavedSocket, "timer" | "timerMs" | "retransmits"> {
  const [, name, time = "", times] = /timer:\((\w+),([^,)]*),(\d+)\)/.exec(text) ?? [];
  if (name === undefined) return { timer: 0, timerMs: 0, retransmits: 0 };
  const known = SOCKET_TIMERS.indexOf(name as (typeof SOCKET_TIMERS)[number]);
  return {
    timer: known < 0 ? UNKNOWN_TIMER : known,
    timerMs: milliseconds(time),
    retransmits: Number(times),
  };
}

/** `1min23sec`, `58sec`, `5.123ms` (five seconds and 123 ms), `200ms` (print_ms_timer, misc/ss.c of iproute2). */
function milliseconds(text: string): number {
  const [, minutes = 0, seconds = 0, ms = 0] =
    /^(?:(\d+)min)?(?:(\d+)(?:sec|\.(?=\d{3}ms)))?(?:(\d+)ms)?$/.exec(text) ?? [];
  return Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(ms);
}

/** `users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))`; before iproute2 4.1 `users:(("nginx",7,6))`. */
function holdersIn(text: string): SavedSocket["holders"] {
  const from = text.indexOf("users:((");
  if (from < 0) return [];
  return [...text.slice(from).matchAll(/\("([^"]*)",(?:pid=)?(\d+),(?:fd=)?(\d+)\)/g)].map(
    ([, name = "", pid, descriptor]) => ({
      pid: Number(pid),
      name,
      descriptor: Number(descriptor),
    }),
  );
}

function numberIn(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** Which columns are there: those that the command's options ask for, and those that some row shows. */
function lacking(rows: readonly Logical[], options: ReadonlySet<string> | null): Set<Column> {
  const all = rows.map(({ text, more }) => `${text} ${more}`);
  const has = (option: string, pattern: RegExp): boolean =>
    options?.has(option) === true || all.some((text) => pattern.test(text));
  const lacks: [Column, boolean][] = [
    ["timer", !has("o", /\stimer:\(/)],
    ["holder", !has("p", /\susers:\(\(/)],
    ["inode", !has("e", /\sino:\d/)],
    ["info", !has("i", /\scwnd:\d/)],
  ];
  return new Set(lacks.flatMap(([column, is]) => (is ? [column] : [])));
}

/** -l shows listening sockets only, -a all; without both, listening ones are left out. */
function shown(sockets: readonly SavedSocket[], options: ReadonlySet<string> | null): Dump["shows"] {
  if (options?.has("a") === true) return { listeners: true, connections: true };
  if (options?.has("l") === true) return { listeners: true, connections: false };
  const listens = sockets.map(({ state }) => SOCKET_STATES[state] === "LISTEN");
  return { listeners: listens.includes(true), connections: listens.includes(false) };
}
