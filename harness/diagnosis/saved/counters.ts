import { parsePairs } from "../../observers/counters/parse.ts";
import type { Section } from "./section.ts";
import type { Unreadable } from "./socket.ts";

/** Counters of one text. */
export interface SavedCounters {
  values: Map<string, number>;
  /** Whether they count since boot, or since the last call of nstat by the same user. */
  since: "boot" | "last call" | "unknown";
  unreadable: Unreadable[];
}

/** Current values among the counters: they rise and fall. */
const GAUGES = new Set(["TcpCurrEstab", "MPTcpExtMPCurrEstab"]);

/**
 * Reads what nstat printed. `nstat -a` prints values since boot. Without -a it prints what they have risen since its last call, or since boot
 * at its first one, so what they mean is known only from the command. With -z, it prints those that are 0, too: nobody calls it with -z alone.
 */
export function parseNstat({ lines, command }: Section): SavedCounters {
  const values = new Map<string, number>();
  const unreadable: Unreadable[] = [];
  for (const { number, text } of lines) {
    const [, name, value] = /^([A-Za-z]\w+)\s+(-?\d+)\s+-?[\d.]+\s*$/.exec(text) ?? [];
    if (name !== undefined) values.set(name, Number(value));
    else if (!text.startsWith("#"))
      unreadable.push({ line: number, text: text.trim(), because: "it is not a counter of nstat" });
  }
  const isWhole = [...values.values()].includes(0);
  const unsaid = isWhole ? "boot" : "unknown";
  const since = command === null ? unsaid : command.options.has("a") ? "boot" : "last call";
  return { values, since, unreadable };
}

/** Reads /proc/net/netstat and /proc/net/snmp, one or both. */
export function parseProc({ lines }: Section): SavedCounters {
  const values = new Map<string, number>();
  const unreadable: Unreadable[] = [];
  for (let nth = 0; nth < lines.length; nth += 2) {
    const [names, numbers] = [lines[nth], lines[nth + 1]];
    try {
      parsePairs(`${names?.text.trim() ?? ""}\n${numbers?.text.trim() ?? ""}`, values);
    } catch {
      unreadable.push({
        line: names?.number ?? 0,
        text: names?.text.trim() ?? "",
        because: "no line with as many numbers is below it",
      });
      // A line is missing: the next one may be a line of names.
      nth -= 1;
    }
  }
  return { values, since: "boot", unreadable };
}

/** How far each counter moved from one text to the next; a sentence where the texts do not tell it. */
export function moved(before: SavedCounters, after: SavedCounters): Record<string, number> | string {
  if (after.since === "last call") return nonZero(after.values);
  if (after.since === "unknown") {
    return "counters of nstat without a word on its options: -a or -az makes them comparable, and a name like nstat_-az.1 says so";
  }
  const fell = [...after.values].find(
    ([name, value]) => !GAUGES.has(name) && value < (before.values.get(name) ?? 0),
  );
  if (fell !== undefined) {
    return `${fell[0]} is lower in the second: the machine was started again, or nstat was called without -a, and prints what came since its last call`;
  }
  return nonZero(
    new Map([...after.values].map(([name, value]) => [name, value - (before.values.get(name) ?? 0)])),
  );
}

function nonZero(values: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...values].filter(([, value]) => value !== 0));
}

/** Reads what `sysctl -a` printed. */
export function parseSysctls({ lines }: Section): Record<string, string> {
  const pairs = lines.flatMap(({ text }) => {
    const [, name, value] = /^([\w.:@*/-]+) ?= ?(.*)$/.exec(text) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
  });
  return Object.fromEntries(pairs);
}
