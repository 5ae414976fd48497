import type { Probe } from "../model/probe.ts";
import { allServed, noneHeld, noneLeftIn } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** How long a server may take to close its end after the client has. */
const CLOSES_WITHIN_MS = 1_000;
/** So many connections at once: fewer than any backlog. */
const AT_ONCE = 4;
/** So many connections begin in a second: a machine with two processors has time to spare for the wire and the server. */
const PER_SECOND = 700;

export const probe: Probe = {
  id: "client-closes-first",
  title: "many clients ask once, and close",
  claim: "the server closes each connection that its client has closed",
  because:
    "a connection in CLOSE-WAIT keeps its descriptor until the program closes it: one more a client, until accept() fails",
  explainedBy: "close-wait-leak",
  waits: false,
  setup: (server, { answerMs, connections }) => {
    const many = ["--connections", String(connections), "--concurrency", String(AT_ONCE)];
    const limits = ["--rate", String(PER_SECOND), "--for", String(2 * answerMs), "--report", "ends"];
    const steps = [...exchange(server, answerMs), "close"];
    const gone = {
      sockets: { host: "server", state: ["CLOSE-WAIT" as const], side: "listener" as const },
      atMost: 0,
    };
    return sceneOf(server, {
      clients: { many: { run: dialogue(server, steps, [...many, ...limits]), withinMs: 6 * answerMs } },
      phases: {
        load: { exited: ["many"] },
        drain: {
          until: { any: [{ all: [{ elapsedMs: 300 }, gone] }, { elapsedMs: CLOSES_WITHIN_MS }] },
          withinMs: CLOSES_WITHIN_MS + 1_000,
        },
      },
      segments: "counted",
    });
  },
  claims: ({ port }) => [
    allServed("many", "a client that closes takes nothing from the next"),
    noneLeftIn("CLOSE-WAIT", port, "only the program's own close() leads out of CLOSE-WAIT"),
    noneHeld(port, "what is not closed is leaked"),
  ],
};
