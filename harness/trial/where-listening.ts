import type { Host } from "../lab/world.ts";
import { listening } from "../observers/listening.ts";

/** The ports and the addresses on which the sockets of a host listen now, without those ports that are known already. */
export interface WhereListening {
  ports: number[];
  /** `host server listens on 127.0.0.1:9090`; null when nothing listens on another port. */
  sentence: string | null;
}

/** Where the sockets of a host listen now. */
export function whereListening(host: Host, known: readonly number[] = []): WhereListening {
  const found = listening(host).filter(({ port }) => !known.includes(port));
  const places = found.map(({ address, port }) =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return {
    ports: [...new Set(found.map(({ port }) => port))],
    sentence: places.length === 0 ? null : `host ${host.name} listens on ${[...new Set(places)].join(", ")}`,
  };
}
