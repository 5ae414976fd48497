import type { Probe } from "../model/probe.ts";
import { abortClaims, abortScene } from "./abort.ts";

const RESETS = 97;
const CLOSES = 23;

export const probe: Probe = {
  id: "abort-before-request",
  title: "many clients connect, and reset or close the connection at once",
  claim: "connections that end before a request cost the server nothing that lasts",
  because:
    "port scanners, health checks and load balancers do it all day: a server that dies of it, or keeps the descriptor, stops in time",
  explainedBy: "invisible-descriptor-leak",
  waits: false,
  setup: (server, bounds) =>
    abortScene(server, bounds, {
      aborters: { steps: ["connect", "reset"], connections: RESETS },
      leavers: { steps: ["connect", "close"], connections: CLOSES },
    }),
  claims: abortClaims,
};
