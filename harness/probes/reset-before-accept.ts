import { samplesOf } from "../measure/evidence.ts";
import { segments } from "../measure/segments.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { InterventionPlan } from "../model/setup.ts";
import { abortClaims, abortScene } from "./abort.ts";

/** Fewer than any backlog in use: Python's is 5, and the queue holds one more. */
const SILENT = 3;
const WITH_REQUEST = 2;
const CONNECT_MS = 1_500;
/** Long enough for a look at the accept queue. */
const LOOKED_MS = 150;

export const probe: Probe = {
  id: "reset-before-accept",
  title: "clients connect and reset while the server is busy",
  claim: "the server goes on when accept() gives it connections that are over already",
  because:
    "on Linux accept() returns them like others: only the next call fails, and the peer's address is no longer known",
  explainedBy: "accept-queue-length",
  waits: false,
  setup: (server, bounds) => {
    const connect = `connect ${CONNECT_MS}`;
    const aborters = {
      silent: { steps: [connect, "reset"], connections: SILENT },
      asking: { steps: [connect, `send ${server.request}`, "reset"], connections: WITH_REQUEST },
    };
    const all = { program: "server", group: true } as const;
    const exited = Object.keys(aborters);
    const interventions: InterventionPlan[] = [
      // A process that is stopped is a busy one, as its clients see it.
      { name: "busy", phase: "load", when: { elapsedMs: 0 }, do: { signal: "SIGSTOP", ...all } },
      {
        name: "goes on",
        phase: "load",
        when: { heldForMs: LOOKED_MS, condition: { exited } },
        do: { signal: "SIGCONT", ...all },
      },
    ];
    return abortScene(server, bounds, aborters, { interventions });
  },
  // A handshake of TLS needs a server that runs: what is reset here never began one.
  skips: ({ isTls }) => (isTls ? "asks for a connection without TLS" : null),
  claims: (server) => [...abortClaims(), waitedInQueue(server)],
};

/** How many of them waited for accept(). When it was none, processes of another group have accepted them meanwhile. */
function waitedInQueue({ port }: CheckedServer): ProbeClaim {
  const test = (recording: Recording): Answer => {
    const fromUs = doneUs(recording, "busy");
    const toUs = doneUs(recording, "goes on");
    const resets = segments(recording, { from: "client", flags: ["RST"] }).filter(
      ({ atUs }) => atUs > fromUs && atUs < toUs,
    );
    const connections = new Set(resets.map(({ connection }) => connection)).size;
    if (connections === 0)
      return { holds: null, observed: "no connection was reset while the server was stopped" };
    const queue = Math.max(
      0,
      ...samplesOf(recording, "listeners", "server")
        .filter(({ atUs }) => atUs > fromUs && atUs < toUs)
        .flatMap(({ listeners }) => listeners.filter((row) => row.port === port).map((row) => row.queue)),
    );
    return {
      holds: true,
      observed: `${connections} connections were reset while it was stopped; at most ${queue} were seen waiting for accept()`,
    };
  };
  return {
    claim: "whether they wait for accept() while the server is busy",
    because:
      "the kernel completes handshakes without the program; a server with processes of another group goes on",
    needs: ["packet", "listeners", "intervention"],
    test,
    otherwise: "informational",
  };
}

function doneUs(recording: Recording, name: string): number {
  return samplesOf(recording, "intervention").find((one) => one.name === name && one.done)?.atUs ?? Infinity;
}
