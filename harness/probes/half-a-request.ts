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
      steps: [`send ${firstHalf(server)}`, `end ${bounds.patienceMs}`],
      connections: CONNECTIONS,
      options: ["--rate", String(PER_SECOND)],
    }),
  claims: (_, bounds) =>
    meanwhileClaims(bounds, "one client must not wait for the rest of another's request"),
};

/** The request without its last line: of HTTP, a head without its end. An escape is not cut in its middle. */
export function firstHalf({ request, speaks }: CheckedServer): string {
  if (speaks === "http") return request.replace(/\\r\\n\\r\\n$/, "\\r\\n");
  const half = request.slice(0, Math.max(1, Math.floor(request.length / 2)));
  return half.replace(/\\[^\\]{0,3}$/, "") || request.slice(0, 1);
}
