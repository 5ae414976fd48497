import type { Probe } from "../model/probe.ts";
import { connectedFor, GONE, vanishedClaims, vanishingScene } from "./vanished.ts";

/** From the connect() on: a handshake of TLS is over, the request is at the wire, and the client's host vanishes. */
const ARMED_MS = 200;
const ASKS_MS = 500;
const VANISHES_MS = 900;

const ARMED = "armed";

export const probe: Probe = {
  id: "vanished-client-in-response",
  title: "the host of a client loses its power while the answer is on its way",
  claim: "an answer to a client that is gone holds up nobody else",
  because:
    "the kernel repeats unacknowledged data for about a quarter of an hour (tcp_retries2), and a server that waits for room meanwhile waits as long",
  explainedBy: "half-open-writer",
  waits: true,
  setup: (server, bounds) =>
    vanishingScene(server, bounds, {
      steps: [`wait ${ASKS_MS}`, `send ${server.request}`, "stay"],
      vanishesMs: VANISHES_MS,
      // The wire keeps the request back until its sender is gone: the answer is never acknowledged.
      rules: [
        {
          name: "request",
          match: { from: "client", payload: "some", after: ARMED },
          do: { holdUntil: GONE },
        },
      ],
      interventions: [
        { name: ARMED, phase: "load", when: connectedFor(ARMED_MS), do: { nothing: true } },
        {
          name: GONE,
          phase: "load",
          when: connectedFor(VANISHES_MS),
          do: { host: "client", become: "silent" },
        },
      ],
    }),
  claims: (_, bounds) =>
    vanishedClaims(
      bounds,
      "how long data may stay unacknowledged is the choice of the server (TCP_USER_TIMEOUT, a deadline of its own) or of its kernel",
    ),
};
