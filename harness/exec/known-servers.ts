import type { Entry } from "../runs/own-file.ts";
import { serversOf } from "../runs/servers.ts";
import { CORRECT, EVIL_SERVERS, FOR_CLIENTS } from "./evil-servers.ts";

/** The names of all servers that a client can be run against: those for clients, the correct one first, and those of the catalogue. */
export function knownServers(catalogue: Entry[]): string[] {
  const own = EVIL_SERVERS.map(({ name }) => `${FOR_CLIENTS}/${name}`);
  return [`${FOR_CLIENTS}/${CORRECT}`, ...own, ...serversOf(catalogue)];
}
