import type { Probe } from "../model/probe.ts";
import { exchange } from "./scene.ts";
import { connectedFor, GONE, vanishedClaims, vanishingScene } from "./vanished.ts";

/** Long enough for the answer to come. */
const ASKS_MS = 500;

export const probe: Probe = {
  id: "vanished-client-idle",
  title: "the host of an idle client loses its power",
  claim: "a client that is gone without a FIN holds up nobody, and the server finds out some day",
  because:
    "nothing comes from a host that is gone, so only an idle timeout or keep-alive probes end the server's part: without either, the descriptor is lost",
  explainedBy: "half-open-idle",
  waits: true,
  setup: (server, bounds) =>
    vanishingScene(server, bounds, {
      steps: [...(server.keepsOpen ? exchange(server, bounds.answerMs) : []), "stay"],
      vanishesMs: ASKS_MS,
      interventions: [
        {
          name: GONE,
          phase: "load",
          when: connectedFor(ASKS_MS),
          do: { host: "client", become: "silent" },
        },
      ],
    }),
  claims: (_, bounds) =>
    vanishedClaims(
      bounds,
      "how long an idle connection is kept, and whether it is probed, is the server's own choice",
    ),
};
