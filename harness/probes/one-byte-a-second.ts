import type { CheckedServer, Probe } from "../model/probe.ts";
import { meanwhileClaims, meanwhileScene } from "./meanwhile.ts";

const CONNECTIONS = 23;
const FEWEST = 3;
/** The most bytes of answers that it asks for, where each byte is answered. */
const MOST_BYTES = 30_000_000;
const PER_SECOND = 200;
const EVERY_MS = 1_000;

export const probe: Probe = {
  id: "one-byte-a-second",
  title: "clients send their request a byte a second",
  claim: "clients that send slowly take nothing from the others",
  because:
    "a limit on each read starts anew with every byte: only a limit on the whole request ends such a client",
  explainedBy: "slowloris",
  waits: true,
  setup: (server, bounds) =>
    meanwhileScene(server, bounds, {
      steps: [`drip ${EVERY_MS} ${server.request}`],
      connections: connectionsTo(server),
      options: ["--rate", String(PER_SECOND)],
    }),
  claims: (_, bounds) =>
    meanwhileClaims(bounds, "one client must not wait for the next byte of another's request"),
};

/** Fewer where the answers are long: a server that is not asked in HTTP may answer each byte. */
function connectionsTo({ speaks, request, answerBytes }: CheckedServer): number {
  if (speaks === "http") return CONNECTIONS;
  const fitting = Math.floor(MOST_BYTES / (answerBytes * request.length));
  return Math.max(FEWEST, Math.min(CONNECTIONS, fitting));
}
