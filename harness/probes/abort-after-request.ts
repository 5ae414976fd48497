import type { Probe } from "../model/probe.ts";
import { abortClaims, abortScene } from "./abort.ts";
import { noneLeaked } from "./claims.ts";

/** Few: a server that works on one request at a time does the work of all of them before it answers the next client. */
const CONNECTIONS = 11;

export const probe: Probe = {
  id: "abort-after-request",
  title: "clients send a whole request, and do not wait for the answer",
  claim: "an answer that nobody waits for costs the server nothing that lasts",
  because:
    "the write of the answer fails with ECONNRESET or EPIPE, or ends the process with SIGPIPE: every user who reloads a page does this",
  explainedBy: "write-after-peer-close",
  waits: false,
  setup: (server, bounds) =>
    abortScene(server, bounds, {
      resetters: { steps: [`send ${server.request}`, "reset"], connections: CONNECTIONS },
      closers: { steps: [`send ${server.request}`, "close"], connections: CONNECTIONS },
    }),
  claims: () => [
    ...abortClaims(),
    noneLeaked(2 * CONNECTIONS, "what the answer is read from has to be closed, too, when nobody wants it"),
  ],
};
