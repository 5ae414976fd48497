/** What a text is. */
export type Kind = "ss" | "netstat" | "nstat" | "pairs" | "sysctl" | "statistics" | "other";

/** A command that printed a text, as far as its options say what the text has. */
export interface Command {
  kind: Kind;
  words: string;
  /** The letters of its short options, and the names of its long ones. */
  options: ReadonlySet<string>;
}

/** The long options of ss and nstat, by their letters. */
const LONG: Record<string, string> = {
  options: "o",
  extended: "e",
  processes: "p",
  info: "i",
  all: "a",
  listening: "l",
  numeric: "n",
  tcp: "t",
  memory: "m",
  zeros: "z",
  timers: "o",
  extend: "e",
  programs: "p",
  program: "p",
  zero: "z",
};

/** A prompt: `$ `, `# `, `+ ` of `set -x`, `root@host:~# `, `[root@host ~]# `. */
const PROMPT = /^(?:\++ |(?:\[?[\w.-]+@[\w.-]+[^$#]*)?[$#] )(?:sudo )?(.*)$/;

/** The command in a line that a shell shows; null for any other line. */
export function commandIn(line: string): Command | null {
  const [, words = ""] = PROMPT.exec(line) ?? [];
  return words === "" ? null : commandOf(words);
}

/** The command in the name of a file: `ss_-tanoiemp`, `ss -tan.2.txt`, `netstat_-W_-neopa`, `nstat-az.1`. */
export function commandNamed(name: string): Command | null {
  const words = name
    .replace(/\.(?:txt|log|out)$/, "")
    .replace(/\.\d+$/, "")
    .replaceAll("_", " ");
  const [, program = "", rest = ""] = /(?:^|[ .\d-])(ss|netstat|nstat)((?:[ -].*)?)$/.exec(words) ?? [];
  return program === "" ? null : commandOf(`${program} ${rest}`);
}

function commandOf(words: string): Command | null {
  const [path = "", ...rest] = words.trim().split(/\s+/);
  const program = path.slice(path.lastIndexOf("/") + 1);
  const options = optionsIn(rest);
  const kind = kindOf(program, options, rest);
  return { kind, words: words.trim(), options };
}

function optionsIn(words: string[]): Set<string> {
  return new Set(
    words.flatMap((word) => {
      if (word.startsWith("--")) return [LONG[word.slice(2)] ?? word];
      return /^-[A-Za-z0-9]+$/.test(word) ? word.slice(1).split("") : [];
    }),
  );
}

function kindOf(program: string, options: ReadonlySet<string>, rest: string[]): Kind {
  if (program === "ss" || program === "nstat" || program === "sysctl") return program;
  if (program === "netstat") return options.has("s") ? "statistics" : "netstat";
  const counters = /\/proc\/(?:self\/|thread-self\/|\d+\/)?net\/(?:netstat|snmp)\b/;
  return program === "cat" && rest.some((word) => counters.test(word)) ? "pairs" : "other";
}
