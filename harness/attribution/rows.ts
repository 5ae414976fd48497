import { samplesOf } from "../measure/evidence.ts";
import type { ConnectionEnd } from "../measure/packets.ts";
import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { SocketExample, SocketsSample } from "../model/sample.ts";
import type { SeenState } from "../model/state.ts";

/** A socket's row in one look. */
export interface SeenSocket {
  state: SeenState;
  row: SocketExample;
}

/** What one look at a host showed of a socket; null: there was none. */
export interface SocketLook {
  atUs: number;
  socket: SeenSocket | null;
}

interface HostLook {
  atUs: number;
  /** Sockets by `near port, far port`. There can be several, with other addresses. */
  sockets: Map<string, SeenSocket[]>;
  /** The ports of which not every socket was recorded. */
  cut: Set<number>;
  /** The ports that have a listener. */
  listening: Set<number>;
}

/** Every row of every look, by the ends of its connection. */
export class Rows {
  readonly #looks = new Map<HostName, HostLook[]>();
  readonly #addresses: Recording["header"]["addresses"];

  constructor(recording: Recording) {
    this.#addresses = recording.header.addresses;
    for (const sample of samplesOf(recording, "sockets")) {
      const looks = this.#looks.get(sample.host) ?? [];
      looks.push(hostLook(sample));
      this.#looks.set(sample.host, looks);
    }
  }

  /** The looks at the near end between two moments, in their order. A look that can have missed the socket is left out. */
  of(near: ConnectionEnd, far: ConnectionEnd, fromUs: number, untilUs: number): SocketLook[] {
    return this.#between(near.host, fromUs, untilUs).flatMap(({ atUs, sockets, cut }) => {
      const all = sockets.get(`${near.port} ${far.port}`) ?? [];
      const socket = all.find(({ row }) => this.#isOf(far.host, row.remote)) ?? null;
      return socket === null && (cut.has(near.port) || cut.has(far.port)) ? [] : [{ atUs, socket }];
    });
  }

  /** Whether looks before and after a moment showed a listener on that port; null without such a look. */
  listening(host: HostName, port: number, us: number): { before: boolean | null; after: boolean | null } {
    const looks = this.#looks.get(host) ?? [];
    const before = looks.findLast(({ atUs }) => atUs < us);
    const after = looks.find(({ atUs }) => atUs >= us);
    return { before: before?.listening.has(port) ?? null, after: after?.listening.has(port) ?? null };
  }

  #between(host: HostName, fromUs: number, untilUs: number): HostLook[] {
    const looks = this.#looks.get(host) ?? [];
    return looks.slice(indexFrom(looks, fromUs), indexFrom(looks, untilUs));
  }

  #isOf(host: HostName, address: string): boolean {
    const known = this.#addresses[host];
    return known === undefined || known.length === 0 || known.includes(addressIn(address));
  }
}

function hostLook({ atUs, groups }: SocketsSample): HostLook {
  const sockets = new Map<string, SeenSocket[]>();
  const cut = new Set<number>();
  const listening = new Set<number>();
  for (const { state, port, count, examples } of groups) {
    if (state === "LISTEN") {
      listening.add(port);
      continue;
    }
    if (examples.length < count) cut.add(port);
    for (const row of examples) {
      const key = `${portIn(row.local)} ${portIn(row.remote)}`;
      sockets.set(key, [...(sockets.get(key) ?? []), { state, row }]);
    }
  }
  return { atUs, sockets, cut, listening };
}

/** The first of looks in the order of time that is not before a moment. */
export function indexFrom(looks: readonly { atUs: number }[], us: number): number {
  let [low, high] = [0, looks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((looks[middle]?.atUs ?? Infinity) < us) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `192.0.2.1` of `192.0.2.1:40001`, `2001:db8::1` of `[2001:db8::1]:40001`. A mapped IPv4 address is the IPv4 address. */
export function addressIn(end: string): string {
  return end
    .slice(0, end.lastIndexOf(":"))
    .replace(/^\[|\]$/g, "")
    .replace(/^::ffff:(?=\d+\.)/, "");
}

function portIn(end: string): number {
  return Number(end.slice(end.lastIndexOf(":") + 1));
}
