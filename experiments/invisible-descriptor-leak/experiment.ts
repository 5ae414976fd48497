import {
  atLeast,
  attemptsOk,
  counterMoved,
  exactly,
  failureMode,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsWithoutRow,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 97;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    // The clients' kernel forgets a connection a second after it was closed there; the default is a minute.
    hosts: { client: { "net.ipv4.tcp_fin_timeout": "1" } },
    servers: { server: `${program} --port 8080` },
    clients: { load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 200` },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      {
        name: "drain",
        until: {
          heldForMs: 2000,
          condition: {
            all: [
              { sockets: { host: "server", state: "CLOSE-WAIT" }, atMost: 0 },
              { sockets: { host: "client", state: ["FIN-WAIT-1", "FIN-WAIT-2"] }, atMost: 0 },
            ],
          },
        },
      },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 200 },
  });
}

const leaked = { host: "server", state: "CLOSE-WAIT", side: "listener", port: 8080 } as const;

export const experiment = failureMode({
  id: "invisible-descriptor-leak",
  title: "A leak of descriptors that ss does not show",
  question: "Where are the sockets of a process that has thousands of them, when ss shows none?",
  tags: ["close-wait", "descriptors", "keep-alive-probes"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the program never closes, and keep-alive removes the CLOSE-WAIT",
      setup: setup("invisible-descriptor-leak/buggy"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("no client notices the leak"),
        socketsAtPeak({ ...leaked, owner: "listener", timer: "keepalive" }, atLeast(5)).because(
          "at first it is an ordinary leak, and the keep-alive timer runs on each of its sockets",
        ),
        counterMoved({ host: "server", counter: "TcpEstabResets" }, exactly(CLIENTS)).because(
          "each client's kernel has forgotten the connection, and answers the probe with a RST; a reset in CLOSE-WAIT counts here",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", side: "listener", state: ["ESTABLISHED", "CLOSE-WAIT"] },
          exactly(0),
        ).because("a RST ends CLOSE-WAIT: the socket is CLOSED, and CLOSED has no row"),
        socketsWithoutRow({ program: "server" }, exactly(CLIENTS), { forMs: 1500 }).because(
          "only close() gives a descriptor back, and the program is not told of the reset: it has stopped to read at end-of-file",
        ),
      ],
    },
    fixed: {
      summary: "end-of-file is answered with end()",
      setup: setup("invisible-descriptor-leak/fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("the cure takes nothing from the clients"),
        counterMoved({ host: "server", counter: "TcpEstabResets" }, exactly(0)).because(
          "every connection has ended before a probe is due",
        ),
        socketsWithoutRow({ program: "server" }, exactly(0), { forMs: 1500 }).because(
          "when both halves have ended, Node closes the descriptor",
        ),
        socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT" }, exactly(CLIENTS)).because(
          "both FINs were exchanged, and the client closed first",
        ),
      ],
    },
  },
  symptom: [
    socketsWithoutRow({}, atLeast(5), { forMs: 1500 }).because(
      "a program closes a dead socket at once; one that keeps such sockets has lost them",
    ),
  ],
  overlaps: {
    "close-wait-held/buggy": "its clients keep the descriptors of connections that are over, until they end",
    "close-wait-held/fixed": "its clients keep the descriptors of connections that are over, until they end",
    "fin-wait-1-held/fixed": "its clients keep the descriptors of connections that are over, until they end",
  },
});
