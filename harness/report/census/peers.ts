import type { Peer } from "../../model/census.ts";
import { plainTable } from "../table.ts";
import type { Trends } from "../trends.ts";
import { firstFitting } from "./fit.ts";
import { inWords } from "./owners.ts";
import { movedFirst, NAMES, WATCHED_ALIGNS, WATCHED_HEAD, watchedCells } from "./watched.ts";

/**
 * A line for each peer. At the connecting end it is a destination, with its port; at the listening end it is a client's address, and the port
 * is the own one that it is connected to.
 */
export function peersTable(peers: readonly Peer[], trends: Trends | null, columns: number): string[] {
  if (peers.length === 0) return ["no socket has a peer"];
  const rows = movedFirst(peers, trends, NAMES.peer);
  const table = (isWide: boolean, isWatched: boolean): string[] =>
    plainTable(
      [
        [
          ...["peer", "sockets"],
          ...(isWatched ? WATCHED_HEAD : []),
          ...(isWide ? ["end", "local ports"] : []),
          "",
        ],
        ...rows.map((peer) => [
          ...[peerName(peer), String(peer.sockets)],
          ...(isWatched && trends !== null ? watchedCells(trends, NAMES.peer(peer)) : []),
          ...(isWide ? [peer.side === "listener" ? "listening" : "connecting", String(peer.localPorts)] : []),
          inWords(peer.states),
        ]),
      ],
      [
        ...(["left", "right"] as const),
        ...(isWatched ? WATCHED_ALIGNS : []),
        ...(isWide ? (["left", "right"] as const) : []),
        "left",
      ],
    );
  const isWatched = trends !== null;
  return firstFitting(
    columns,
    () => table(true, isWatched),
    () => table(false, isWatched),
    () => table(false, false),
  );
}

/** `to 192.0.2.1:5432`, `192.0.2.7 at port 8080`. */
function peerName({ side, address, port }: Peer): string {
  const bracketed = address.includes(":") ? `[${address}]` : address;
  return side === "connector" ? `to ${bracketed}:${port}` : `${address} at port ${port}`;
}
