import type { Probe } from "../model/probe.ts";
import { abortClaims, abortScene } from "./abort.ts";

const CONNECTIONS = 97;

export const probe: Probe = {
  id: "abort-before-request",
  title: "many clients connect, and reset the connection at once",
  claim: "connections that are reset before a request cost the server nothing that lasts",
  because:
    "port scanners, health checks and load balancers do it all day: a server that dies of it, or keeps the descriptor, stops in time",
  explainedBy: "invisible-descriptor-leak",
  waits: false,
  setup: (server, bounds) =>
    abortScene(server, bounds, { aborters: { steps: ["connect", "reset"], connections: CONNECTIONS } }),
  claims: abortClaims,
};
