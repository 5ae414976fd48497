import type { Probe } from "../model/probe.ts";
import { meanwhileClaims, meanwhileScene } from "./meanwhile.ts";

/** More than the threads or workers of a small pool. */
const SILENT = 47;
/** So many begin in a second: a short backlog can take them. */
const PER_SECOND = 200;

export const probe: Probe = {
  id: "silent-clients",
  title: "many clients connect, and say nothing",
  claim: "clients that say nothing take nothing from the others",
  because:
    "a browser connects ahead, a load balancer keeps spare connections, a port scan leaves them: a server that waits for each to speak serves nobody else",
  explainedBy: "silent-client-blocks-acceptor",
  waits: true,
  // Also in front of TLS: who says nothing does not begin a handshake either.
  setup: (server, bounds) =>
    meanwhileScene(server, bounds, {
      steps: [],
      connections: SILENT,
      options: ["--rate", String(PER_SECOND)],
      isPlain: true,
    }),
  claims: (_, bounds) => meanwhileClaims(bounds, "one client must not wait for what another does not say"),
};
