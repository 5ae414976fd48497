import type { WireRule } from "../model/wire.ts";
import { UsageError } from "../runs/errors.ts";
import type { WireWords } from "./order.ts";

/** The forms of --wire, and an example of each. */
const WIRE_FORMS = ["delay=50ms", "loss=1%", "rate=1mbit", "drop=SYN:2"] as const;

const MOST_DELAY_MS = 60_000;
const RATES = { kbit: 1e3, mbit: 1e6, gbit: 1e9 } as const;

/** The segments that `drop=` can name. They are those of the client's connections, whichever end sends them. */
const SEGMENTS: Record<string, WireRule["match"]> = {
  SYN: { from: "client", flags: ["SYN"], without: ["ACK"] },
  "SYN-ACK": { from: "server", flags: ["SYN", "ACK"] },
  REQUEST: { from: "client", payload: "some" },
  ANSWER: { from: "server", payload: "some" },
  FIN: { from: "server", flags: ["FIN"] },
};

/**
 * What the wire does, from words as `delay=50ms`, `loss=1%`, `rate=1mbit` and `drop=SYN:2` (the second SYN of the client; others are
 * SYN-ACK, REQUEST, ANSWER and FIN, of which one with data is meant, or the server's FIN). Throws a UsageError.
 */
export function wireOf(words: readonly string[]): WireWords {
  const wire: WireWords = {};
  const rules: WireRule[] = [];
  for (const word of words) {
    const [, name = "", value = ""] = /^([a-z]+)=(.+)$/.exec(word) ?? [];
    if (name === "delay") wire.delayMs = bothWays(delayMs(value, word));
    else if (name === "loss") wire.loss = fraction(value, word);
    else if (name === "rate") wire.bitsPerSecond = rate(value, word);
    else if (name === "drop") rules.push(drop(value, word));
    else throw refused(word);
  }
  return rules.length === 0 ? wire : { ...wire, rules };
}

const bothWays = (ms: number): [number, number] => [ms, ms];

function delayMs(value: string, word: string): number {
  const [, figure = "", unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(value) ?? [];
  const ms = Number(figure) * (unit === "s" ? 1000 : 1);
  if (unit === undefined || ms > MOST_DELAY_MS) throw refused(word);
  return ms;
}

function fraction(value: string, word: string): number {
  const [, figure] = /^(\d+(?:\.\d+)?)%$/.exec(value) ?? [];
  if (figure === undefined || Number(figure) > 100) throw refused(word);
  return Number(figure) / 100;
}

function rate(value: string, word: string): number {
  const [, figure, unit] = /^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/.exec(value) ?? [];
  if (figure === undefined || Number(figure) === 0) throw refused(word);
  return Number(figure) * RATES[unit as keyof typeof RATES];
}

function drop(value: string, word: string): WireRule {
  const [, name = "", figure] = /^([A-Z-]+):(\d{1,6})$/.exec(value) ?? [];
  const match = Object.hasOwn(SEGMENTS, name) ? SEGMENTS[name] : undefined;
  const nth = Number(figure);
  if (match === undefined || !(nth >= 1)) throw refused(word);
  return { name: word, match: { ...match, nth: { from: nth, to: nth } }, do: { drop: true } };
}

function refused(word: string): UsageError {
  const segments = Object.keys(SEGMENTS).join(", ");
  return new UsageError(
    `--wire takes ${WIRE_FORMS.join(", ")} (${segments}), and not ${JSON.stringify(word)}.`,
  );
}
