import { commandIn, type Command, type Kind } from "./command.ts";
import { timeIn, type Taken } from "./time.ts";

/** A part of a file: what one command printed. */
export interface Section {
  file: string;
  kind: Kind;
  /** The command, where a line of the file or the file's name says it. */
  command: Command | null;
  /** When it was taken, where a line before it says so. */
  taken: Taken | null;
  lines: Line[];
}

export interface Line {
  /** Counts from 1 in the file. */
  number: number;
  text: string;
}

const STATE =
  "(?:ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|TIME-WAIT|UNCONN|CLOSE-WAIT|LAST-ACK|LISTEN|CLOSING|NEW-SYN-RECV)";
/** Lines that begin what a command prints. */
const HEADERS: [RegExp, Kind][] = [
  [/^(?:Netid\s+)?(?:State\s+)?Recv-Q\s+Send-Q\s+Local Address/, "ss"],
  [/^Active (?:Internet|UNIX domain|Bluetooth) /, "netstat"],
  [/^Proto\s+Recv-Q\s+Send-Q\s+Local Address/, "netstat"],
  [/^#[a-z][\w.-]*$/, "nstat"],
];
/** Lines that only one command prints. */
const ROWS: [RegExp, Kind][] = [
  [new RegExp(`^(?:tcp\\s+)?${STATE}\\s+\\d+\\s+\\d+\\s+\\S+:\\S+\\s+\\S+:\\S+`), "ss"],
  [/^tcp6?\s+\d+\s+\d+\s+\S+:\S+\s+\S+:\S+\s+[A-Z_0-9]+/, "netstat"],
  [/^(?:Tcp|Ip|Icmp|Icmp6|Ip6|Udp|Udp6|UdpLite|UdpLite6|Mptcp|Sctp)\w*Ext?\w*\s+\d+\s+[\d.]+$/, "nstat"],
  [/^(?:Tcp|Ip|Icmp|Udp|MPTcp)[A-Z0-9]\w*\s+\d+\s+\d+\.\d$/, "nstat"],
  [/^(?:TcpExt|IpExt|MPTcpExt|Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite): \S/, "pairs"],
  [/^(?:Ip|Tcp|TcpExt|Udp|Icmp):$/, "statistics"],
  [/^[a-z][\w-]*(?:\.[\w:@*/-]+)+ ?=/, "sysctl"],
];

/**
 * Divides a file into what its commands printed. A line with a command, as a shell shows it (`$ ss -tan`, `+ ss -tan` of `set -x`), begins a
 * part; so does a header, and a line that only another command prints. A line with a date says when the next parts were taken.
 */
export function sectionsOf(file: string, text: string, named: Command | null): Section[] {
  const sections: Section[] = [];
  let current: Section | null = null;
  let taken: Taken | null = null;
  const begin = (kind: Kind, command: Command | null): Section => {
    const made: Section = { file, kind, command, taken, lines: [] };
    sections.push(made);
    return made;
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = { number: index + 1, text: raw };
    const command = commandIn(raw);
    const time = command === null ? timeIn(raw) : null;
    if (command !== null) {
      current = begin(command.kind, command);
    } else if (time !== null) {
      taken = time;
      current = null;
    } else if (raw.trim() !== "") {
      const [header, row] = [kindBy(HEADERS, raw), kindBy(ROWS, raw)];
      if (current === null || begins(current, header, row, raw))
        current = begin(header ?? row ?? "other", named);
      current.lines.push(line);
    }
  }
  return sections.filter(({ kind, lines }) => lines.length > 0 || kind === "ss");
}

/** Whether a line belongs to another part than the lines before it. */
function begins({ kind, lines }: Section, header: Kind | null, row: Kind | null, text: string): boolean {
  // netstat has a part for each family, and two headers for each part.
  if (header === "netstat" && kind === "netstat")
    return text.startsWith("Active Internet") && lines.some(isRow);
  if (header !== null) return header !== kind || lines.length > 0;
  if (kind === "pairs" && row === "pairs") return lines.filter((line) => line.text === text).length > 0;
  return row !== null && row !== kind && kind !== "statistics";
}

function isRow({ text }: Line): boolean {
  return kindBy(ROWS, text) !== null;
}

function kindBy(patterns: readonly [RegExp, Kind][], text: string): Kind | null {
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
