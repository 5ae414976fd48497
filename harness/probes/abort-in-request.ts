import type { Probe } from "../model/probe.ts";
import { abortClaims, abortScene } from "./abort.ts";
import { firstHalf } from "./scene.ts";

const CONNECTIONS = 47;
/** Long enough for the server to read the half that has come. */
const READ_MS = 50;

export const probe: Probe = {
  id: "abort-in-request",
  title: "clients send half a request, and reset the connection",
  claim: "a request that is broken off in the middle costs the server nothing that lasts",
  because:
    "the read that waits for the other half fails with ECONNRESET: it has to be caught, and the descriptor closed",
  explainedBy: "invisible-descriptor-leak",
  waits: false,
  skips: ({ request }) =>
    firstHalf(request) === "" ? "the request is a single byte, which has no half" : null,
  setup: (server, bounds) => {
    const half = `send ${firstHalf(server.request)}`;
    return abortScene(server, bounds, {
      sudden: { steps: [half, "reset"], connections: CONNECTIONS },
      later: { steps: [half, `wait ${READ_MS}`, "reset"], connections: CONNECTIONS },
    });
  },
  claims: abortClaims,
};
