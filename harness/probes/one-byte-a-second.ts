import type { Probe } from "../model/probe.ts";
import { meanwhileClaims, meanwhileScene } from "./meanwhile.ts";

const CONNECTIONS = 23;
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
      connections: CONNECTIONS,
      options: ["--rate", String(PER_SECOND)],
    }),
  claims: (_, bounds) =>
    meanwhileClaims(bounds, "one client must not wait for the next byte of another's request"),
};
