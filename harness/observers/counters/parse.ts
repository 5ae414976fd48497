/**
 * The counters in /proc/net/netstat and /proc/net/snmp: lines in pairs that begin with the same word, names above and
 * numbers below. A counter's name is what nstat prints: word and name, `TcpExt` and `ListenOverflows` (netstat_seq_show
 * and snmp_seq_show, net/ipv4/proc.c). Errors: when a line of names has no line of as many numbers below it.
 */
export function parsePairs(text: string, into: Map<string, number>): void {
  const lines = text.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const names = lines[i]!.split(" ");
    const values = lines[i + 1]!.split(" ");
    const word = names[0]!;
    if (values[0] !== word || values.length !== names.length || !word.endsWith(":")) {
      throw new Error(
        `line ${i + 2} of the kernel's counters does not fit the names above it: ${lines[i + 1]}`,
      );
    }
    const prefix = word.slice(0, -1);
    for (let j = 1; j < names.length; j += 1) into.set(prefix + names[j], Number(values[j]));
  }
}

/**
 * The gauges of /proc/net/sockstat, `TCP: inuse 5 orphan 0 ...`, by names of our own: `sockstat.TCP.orphan`
 * (sockstat_seq_show, net/ipv4/proc.c).
 */
export function parseSockstat(text: string, into: Map<string, number>): void {
  for (const line of text.split("\n")) {
    const [word, ...pairs] = line.split(" ");
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      into.set(`sockstat.${word!.slice(0, -1)}.${pairs[i]}`, Number(pairs[i + 1]));
    }
  }
}

/** What differs from a baseline, as the difference. A counter that the baseline does not have began at 0. */
export function movedSince(baseline: Map<string, number>, now: Map<string, number>): Record<string, number> {
  const deltas: Record<string, number> = {};
  for (const [name, value] of now) {
    const delta = value - (baseline.get(name) ?? 0);
    if (delta !== 0) deltas[name] = delta;
  }
  return deltas;
}
