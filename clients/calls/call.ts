import { socketAddress, type SocketAddress } from "../../harness/kernel/address.ts";
import { parseTarget } from "../load/target.ts";
import { NUMBER_OPTIONS, type NumberOption } from "../../harness/kernel/sockopt.ts";

/** A call to make, parsed. */
export type Call =
  | { call: "listen"; at: SocketAddress; backlog: number }
  | { call: "accept" | "close" | "disconnect" | "keep" | "share" | "stay" | "unlisten" }
  | { call: "bind"; port: number }
  | { call: "sequence"; number: number }
  | { call: "connect"; to: SocketAddress; port: number }
  | { call: "set"; option: NumberOption | "SO_LINGER" | "TCP_FASTOPEN_KEY"; value: number }
  | { call: "send" | "offer" | "recv"; bytes: number }
  | { call: "sendto"; to: SocketAddress; port: number; bytes: number }
  | { call: "shutdown"; how: "read" | "write" | "both" }
  | { call: "wait"; ms: number };

const MOST_BYTES = 1 << 30;
const MOST_MS = 600_000;
const MOST_SEQUENCE = 0x7fff_ffff;
const MOST_BACKLOG = 65_535;

/** For each call, its form, and a function that parses all its words; null when they do not fit the form. */
const GRAMMAR: { form: string; read: (words: string[]) => Call | null }[] = [
  {
    form: "listen [ADDRESS:]PORT BACKLOG",
    read: ([place, backlog]) => {
      const port = whole(place, 65_535);
      const at = port === null ? readTarget(place)?.to : socketAddress("0.0.0.0", port);
      const most = whole(backlog, MOST_BACKLOG);
      return at === undefined || most === null ? null : { call: "listen", at, backlog: most };
    },
  },
  { form: "accept", read: () => ({ call: "accept" }) },
  { form: "unlisten", read: () => ({ call: "unlisten" }) },
  {
    form: "bind PORT",
    read: ([port]) => withWhole(port, 65_535, (at) => ({ call: "bind", port: at })),
  },
  {
    form: "sequence NUMBER",
    read: ([number]) => withWhole(number, MOST_SEQUENCE, (first) => ({ call: "sequence", number: first })),
  },
  {
    form: "connect ADDRESS:PORT",
    read: ([to]) => {
      const target = readTarget(to);
      return target === null ? null : { call: "connect", ...target };
    },
  },
  {
    form: "set OPTION VALUE",
    read: ([option, value]) => {
      const known = ["SO_LINGER" as const, "TCP_FASTOPEN_KEY" as const, ...NUMBER_OPTIONS].find(
        (one) => one === option,
      );
      const figure = /^-?\d{1,9}$/.test(value ?? "") ? Number(value) : null;
      return known === undefined || figure === null ? null : { call: "set", option: known, value: figure };
    },
  },
  {
    form: "send BYTES",
    read: ([bytes]) => withWhole(bytes, MOST_BYTES, (count) => ({ call: "send", bytes: count })),
  },
  {
    form: "offer BYTES",
    read: ([bytes]) => withWhole(bytes, MOST_BYTES, (count) => ({ call: "offer", bytes: count })),
  },
  {
    form: "sendto ADDRESS:PORT BYTES",
    read: ([to, bytes]) => {
      const target = readTarget(to);
      const count = whole(bytes, MOST_BYTES);
      return target === null || count === null ? null : { call: "sendto", ...target, bytes: count };
    },
  },
  {
    form: "recv BYTES|end",
    read: ([bytes]) => {
      if (bytes === "end") return { call: "recv", bytes: Number.POSITIVE_INFINITY };
      return withWhole(bytes, MOST_BYTES, (count) => ({ call: "recv", bytes: count }));
    },
  },
  {
    form: "shutdown read|write|both",
    read: ([word]) => {
      const how = (["read", "write", "both"] as const).find((one) => one === word);
      return how === undefined ? null : { call: "shutdown", how };
    },
  },
  { form: "disconnect", read: () => ({ call: "disconnect" }) },
  { form: "close", read: () => ({ call: "close" }) },
  { form: "keep", read: () => ({ call: "keep" }) },
  { form: "share", read: () => ({ call: "share" }) },
  { form: "wait MS", read: ([ms]) => withWhole(ms, MOST_MS, (time) => ({ call: "wait", ms: time })) },
  { form: "stay", read: () => ({ call: "stay" }) },
];

/** The form of each call. */
export const FORMS = GRAMMAR.map(({ form }) => form);

/** Parses one call. Throws an Error with one sentence for the user. */
export function readCall(text: string): Call {
  const [name, ...words] = text.trim().split(/\s+/);
  const rule = GRAMMAR.find(({ form }) => form.split(" ")[0] === name);
  if (rule === undefined) {
    throw new Error(`${JSON.stringify(text)} is no call; the calls are ${FORMS.join(", ")}`);
  }
  const call = words.length === rule.form.split(" ").length - 1 ? rule.read(words) : null;
  if (call === null) throw new Error(`${JSON.stringify(text)} is not understood; the form is ${rule.form}`);
  return call;
}

function withWhole(word: string | undefined, most: number, make: (value: number) => Call): Call | null {
  const value = whole(word, most);
  return value === null ? null : make(value);
}

function whole(word: string | undefined, most: number): number | null {
  const value = /^\d{1,10}$/.test(word ?? "") ? Number(word) : Number.POSITIVE_INFINITY;
  return value <= most ? value : null;
}

function readTarget(word: string | undefined): { to: SocketAddress; port: number } | null {
  const target = parseTarget(word ?? "");
  if (target === null) return null;
  try {
    return { to: socketAddress(target.address, target.port), port: target.port };
  } catch {
    return null;
  }
}
