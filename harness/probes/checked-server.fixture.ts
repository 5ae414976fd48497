import type { CheckedServer } from "../model/probe.ts";
import type { ReportSample, Sample } from "../model/sample.ts";
import { at } from "../recording/hand-made.fixture.ts";

/** A server under check that speaks HTTP on port 8080. */
export function plainServer(changes: Partial<CheckedServer> = {}): CheckedServer {
  return {
    run: ["node", "server.js"],
    foreign: { environment: {} },
    withinMs: 5000,
    port: 8080,
    speaks: "http",
    isTls: false,
    request: "GET / HTTP/1.1\\r\\n\\r\\n",
    lastRequest: "GET / HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n",
    answerBytes: 100,
    answerTookMs: 1,
    descriptors: 20,
    backlog: 511,
    listeningProcesses: 1,
    keepsOpen: true,
    ...changes,
  };
}

/** A line that a client `dialogue` has printed of one of its connections, from port 40000 plus its number. */
export function reportOf(
  program: string,
  ms: number,
  connection: number,
  fields: ReportSample["report"],
): Sample {
  return {
    ...at(ms),
    kind: "report",
    program,
    report: { connection, localPort: 40_000 + connection, ...fields },
  };
}

/** The lines of a connection that began at a time, connected, and was over after another: `connect` and the last line. */
export function dialogueLines(
  program: string,
  {
    connection,
    fromMs,
    ms,
    outcome = "ok",
    failed = null,
  }: {
    connection: number;
    fromMs: number;
    ms: number;
    outcome?: string;
    /** The step that failed; null when none did. */
    failed?: string | null;
  },
): Sample[] {
  const connected = failed === "connect" ? outcome : "ok";
  return [
    reportOf(program, fromMs, connection, {
      kind: "step",
      nth: 1,
      step: "connect",
      outcome: connected,
      ms: 1,
    }),
    reportOf(program, fromMs, connection, {
      kind: "connection",
      outcome,
      step: failed,
      nth: failed === null ? null : 1,
      ms,
    }),
  ];
}
