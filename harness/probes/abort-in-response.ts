import type { Probe } from "../model/probe.ts";
import { abortClaims, abortScene } from "./abort.ts";
import { noneLeaked } from "./claims.ts";

const CONNECTIONS = 11;
/** A small room for the answer at both ends, so that one of some 20 kB does not fit: tcp_wmem of the server, SO_RCVBUF of its clients. */
const ROOM = "4096 16384 16384";
const SMALL = ["--receive-buffer", "4096"];
/** Long enough for the server to write as much of the answer as there is room for. */
const WRITES_MS = 150;

export const probe: Probe = {
  id: "abort-in-response",
  title: "clients reset the connection in the middle of the answer",
  claim: "an answer that is broken off in the middle costs the server nothing that lasts",
  because:
    "the write of the rest fails, and so does a wait for room in the kernel: a server that waits for room for ever keeps the descriptor and the answer",
  explainedBy: "invisible-descriptor-leak",
  waits: false,
  setup: (server, bounds) => {
    const ask = `send ${server.request}`;
    const aborters = {
      // At the first bytes; and without having read any, when the kernel's room is full or the answer is over.
      reading: { steps: [ask, `some ${bounds.answerMs}`, "reset"], connections: CONNECTIONS },
      unread: {
        steps: ["pause", ask, `wait ${WRITES_MS}`, "reset"],
        connections: CONNECTIONS,
        options: SMALL,
      },
    };
    return abortScene(server, bounds, aborters, { hosts: { server: { "net.ipv4.tcp_wmem": ROOM } } });
  },
  claims: () => [
    ...abortClaims(),
    noneLeaked(
      2 * CONNECTIONS,
      "what the answer was read from has to be closed, too, when nobody wants the rest",
    ),
  ],
};
