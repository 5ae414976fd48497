/**
 * Reads the counters of /proc/net/netstat and /proc/net/snmp. They have pairs of lines that begin with the same word: a line of
 * names, and below it a line of numbers. A counter gets the name that nstat prints: the word and the name, `TcpExt` and
 * `ListenOverflows` (netstat_seq_show and snmp_seq_show, net/ipv4/proc.c). Throws when a line of names has no line with as many
 * numbers below it.
 */
export function parsePairs(text: string, into: Map<string, number>): void {
  const lines = text.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const names = lines[i]!.split(" ");
    const values = lines[i + 1]!.split(" ");
    const word = names[0]!;
    if (values[0] !== word || values.length !== names.length || !word.endsWith(":")) {
      throw new Error(
        `line ${i + 2} of the kernel's counters does not match the line of names above it: ${lines[i + 1]}`,
      );
    }
    const prefix = word.slice(0, -1);
    for (let j = 1; j < names.length; j += 1) into.set(prefix + names[j], Number(values[j]));
  }
}

/**
 * Reads the current values of /proc/net/sockstat, `TCP: inuse 5 orphan 0 ...`. Their names are lastack's own:
 * `sockstat.TCP.orphan` (sockstat_seq_show, net/ipv4/proc.c).
 */
export function parseSockstat(text: string, into: Map<string, number>): void {
  for (const line of text.split("\n")) {
    const [word, ...pairs] = line.split(" ");
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      into.set(`sockstat.${word!.slice(0, -1)}.${pairs[i]}`, Number(pairs[i + 1]));
    }
  }
}

/** The differences from a baseline, without those that are 0. A counter that the baseline does not have began at 0. */
export function movedSince(baseline: Map<string, number>, now: Map<string, number>): Record<string, number> {
  const deltas: Record<string, number> = {};
  for (const [name, value] of now) {
    const delta = value - (baseline.get(name) ?? 0);
    if (delta !== 0) deltas[name] = delta;
  }
  return deltas;
}
