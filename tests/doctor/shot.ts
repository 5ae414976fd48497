/** What the commands of a shot printed: by command, and the date. */
export interface Shot {
  host: string;
  atMs: number;
  /** `+ ss -tan` and what follows it, by the command. */
  parts: ReadonlyMap<string, string>;
}

/** Two looks are so far apart, as somebody types the commands twice. */
const APART_MS = { least: 1000, most: 4500 };

/** A shot from its text. */
export function shotOf(host: string, text: string): Shot {
  const [date = "", ...commands] = text.split(/^(?=\+ (?:ss|nstat|netstat|sysctl) )/m);
  const atMs = Date.parse(`${date.trim().split("\n").at(-1) ?? ""}Z`);
  const parts = new Map(commands.map((part) => [commandIn(part), part]));
  return { host, atMs, parts };
}

/** `ss -tan` of `+ ss -tan` and what follows it; of sysctl only its name. */
function commandIn(part: string): string {
  const words = part.slice(2, part.indexOf("\n"));
  return words.startsWith("sysctl") ? "sysctl" : words;
}

/**
 * All pairs of shots of a host that are so far apart as two looks of a user, the last ones first. Where a setup is over before that, any two
 * are as good.
 */
export function pairsOf(shots: readonly Shot[]): [Shot, Shot][] {
  const pairs = shots
    .flatMap((first) => shots.map((second): [Shot, Shot] => [first, second]))
    .filter(([first, second]) => first.host === second.host && second.atMs > first.atMs)
    .toReversed();
  const apart = pairs.filter(([first, second]) => {
    const ms = second.atMs - first.atMs;
    return ms >= APART_MS.least && ms <= APART_MS.most;
  });
  return apart.length > 0 ? apart : pairs;
}

/** Two shots as one file, as the recipe of docs/doctor.md makes it. */
export function fileOf(shots: readonly Shot[]): string {
  return shots
    .map(
      ({ atMs, parts }) =>
        `+ date +%FT%T.%3N\n${new Date(atMs).toISOString().slice(0, -1)}\n${[...parts.values()].join("")}`,
    )
    .join("");
}

/** The shots of a file. */
export function shotsOfFile(text: string): Shot[] {
  return text
    .split(/^(?=\+ date )/m)
    .filter((part) => part !== "")
    .map((part) => shotOf("", part));
}
