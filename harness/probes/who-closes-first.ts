import { type WireConnection, wireConnections } from "../measure/packets.ts";
import { dialogueOf } from "../measure/dialogue.ts";
import { statesIn } from "../measure/states-passed.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { answerStep, dialogue, sceneOf, withoutConnection } from "./scene.ts";

/** How long the client waits for the server's FIN before it closes itself. */
const CLOSES_MS = 500;
/** Long enough for the last acknowledgement, and for a look at both tables. */
const SETTLES_MS = 200;

/** A way to ask, and the program that asks so. */
interface Way {
  program: string;
  asked: string;
  request: string;
}

export const probe: Probe = {
  id: "who-closes-first",
  title: "clients ask once, and wait for the server to close",
  claim: "which end closes first, and has the TIME-WAIT",
  because:
    "the end that closes first keeps TIME-WAIT for a minute: at the server it costs memory, at a client with many connections its ports",
  explainedBy: "http-first-close",
  waits: false,
  setup: (server, { answerMs }) => {
    const clients = waysOf(server).map(({ program, request }) => {
      const steps = [`send ${request}`, answerStep(server, answerMs), `try end ${CLOSES_MS}`, "close"];
      return [program, { run: dialogue(server, steps), withinMs: 4 * answerMs }] as const;
    });
    return sceneOf(server, {
      clients: Object.fromEntries(clients),
      phases: { load: { exited: clients.map(([name]) => name) }, drain: { elapsedMs: SETTLES_MS } },
    });
  },
  claims: (server, bounds) => waysOf(server).map((way) => claimOn(way, server, bounds)),
};

function waysOf({ speaks, request, lastRequest }: CheckedServer): Way[] {
  if (speaks === "bytes") return [{ program: "asker", asked: "a request", request }];
  const plain = withoutConnection(request);
  const old = plain.replace(" HTTP/1.1\\r\\n", " HTTP/1.0\\r\\n");
  return [
    { program: "old", asked: "HTTP/1.0", request: old },
    { program: "last", asked: "HTTP/1.1 with Connection: close", request: lastRequest },
    { program: "kept", asked: "HTTP/1.1", request: plain },
  ];
}

function claimOn({ program, asked }: Way, { port }: CheckedServer, { answerMs }: ProbeBounds): ProbeClaim {
  return {
    claim: `which end closes first after ${asked}`,
    because:
      "HTTP/1.0 and Connection: close leave the close to the server (RFC 9112, section 9.3 and section 9.6), and an end that closes first is in TIME-WAIT",
    needs: ["packet", "sockets", "report"],
    test: (recording) => closedFirst(recording, program, port, answerMs),
    otherwise: "informational",
  };
}

function closedFirst(recording: Recording, program: string, port: number, answerMs: number): Answer {
  const [played] = dialogueOf(recording, { program });
  const connection = wireConnections(recording).find(({ ends: [near, far] }) => {
    return near.port === played?.localPort && far.port === port;
  });
  if (connection === undefined) return { holds: null, observed: "there was no connection" };
  const answer = played?.steps.find(({ step }) => step === "answer" || step === "bytes");
  if (answer?.outcome !== "ok")
    return {
      holds: null,
      observed: `no answer within ${answerMs / 1000} s: ${answer?.outcome ?? "nothing"}`,
    };
  const closes = connection.packets.filter(
    ({ flags, phase }) => /FIN|RST/.test(flags.join()) && phase !== "end",
  );
  if (closes.length === 0) return { holds: null, observed: "neither end closed" };
  const ended = played?.steps.find(({ step }) => step === "end");
  const who =
    ended?.outcome === "timeout"
      ? `the client, after ${CLOSES_MS} ms without a FIN from the server`
      : "the server";
  const segments = closes.map(({ from, flags }) => `${flags.includes("RST") ? "RST" : "FIN"} from ${from}`);
  return {
    holds: true,
    observed: `${who} (${[...new Set(segments)].join(", ")}); TIME-WAIT ${timeWaitOf(recording, connection)}`,
  };
}

function timeWaitOf(recording: Recording, connection: WireConnection): string {
  const hosts = ["client", "server"].filter((host) =>
    statesIn(recording, connection, host).some(({ state }) => state === "TIME-WAIT"),
  );
  return hosts.length === 0 ? "at neither end" : `at the ${hosts.join(" and the ")}`;
}
