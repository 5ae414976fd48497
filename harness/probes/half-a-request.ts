import type { CheckedServer, Probe } from "../model/probe.ts";
import { meanwhileClaims, meanwhileScene } from "./meanwhile.ts";

const CONNECTIONS = 23;
const PER_SECOND = 200;

export const probe: Probe = {
  id: "half-a-request",
  title: "clients send half a request, and then nothing",
  claim: "clients that do not finish their request take nothing from the others",
  because: "a phone in a tunnel does it, and so does slowloris, on purpose and with thousands of connections",
  explainedBy: "slowloris",
  waits: true,
  setup: (server, bounds) =>
    meanwhileScene(server, bounds, {
      steps: [`send ${firstHalf(server)}`],
      connections: CONNECTIONS,
      options: ["--rate", String(PER_SECOND)],
    }),
  claims: (_, bounds) =>
    meanwhileClaims(bounds, "one client must not wait for the rest of another's request"),
};

/** One byte of a step's text: an escape, or a character. */
const BYTE = /\\x[0-9a-f]{2}|\\.|[^\\]/gi;

/** The request without its end: of HTTP, a head without its last line; of other bytes, half of them. */
export function firstHalf({ request, speaks }: Pick<CheckedServer, "request" | "speaks">): string {
  if (speaks === "http") return request.replace(/\\r\\n\\r\\n$/, "\\r\\n");
  const bytes = request.match(BYTE) ?? [];
  return bytes.slice(0, Math.max(1, Math.floor(bytes.length / 2))).join("");
}
