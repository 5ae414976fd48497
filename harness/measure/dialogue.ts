import type { ProgramName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { ReportSample } from "../model/sample.ts";
import { samplesOf } from "./evidence.ts";

/** One HTTP answer, as far as it came. */
export interface DialogueAnswer {
  /** null: the head did not come, or is no head. */
  status: number | null;
  /** `1.0` or `1.1`. */
  version: string | null;
  headBytes: number;
  /** Without the framing of chunks. */
  bodyBytes: number;
  /** The checksum of the body as far as it came (zlib's CRC-32); 0 for none. */
  bodyCrc32: number;
  /** The option of the field Connection. */
  connectionField: "close" | "keep-alive" | null;
  /** The hint in the field Keep-Alive. */
  keepAliveSeconds: number | null;
  /** Whether the connection may carry another request after it (RFC 9112 section 9.3). */
  isPersistent: boolean;
  isComplete: boolean;
}

/** One step that a client `dialogue` has played. */
export interface DialogueStep {
  /** When it began. */
  atUs: number;
  /** Its place in the script of the connection, from 1. */
  nth: number;
  /** `connect`, `send`, `answer`, `end`, ... */
  step: string;
  /** `ok`, how the connection ended (`FIN`, `ECONNRESET`), `timeout`, `truncated`, or another failure. */
  outcome: string;
  ms: number;
  /** How many bytes the step has sent or read; null for a step that does neither. */
  bytes: number | null;
  /** For `answer` and `switch`. */
  answer: DialogueAnswer | null;
}

/** How a connection ended, by the other end or by the client's kernel. */
export interface DialogueEnd {
  /** `FIN`, or the name of an errno. */
  how: string;
  atUs: number;
  /** Since the last byte in either direction. */
  idleMs: number;
}

/** A connection of a client `dialogue`. */
export interface DialogueConnection {
  /** Its number, from 1. */
  connection: number;
  /** When it began to connect. */
  atUs: number;
  localPort: number | null;
  /** `ok`, or the outcome of the step that failed; null: the client was ended before the connection was over. */
  outcome: string | null;
  /** The step that ended the script; null when none did. */
  failed: { step: string; nth: number } | null;
  /** How long it lasted. */
  ms: number | null;
  sentBytes: number | null;
  receivedBytes: number | null;
  /** The first end; null: the client closed first, or there was no connection. */
  ended: DialogueEnd | null;
  /** Whether an RST came, first or after a FIN. */
  wasReset: boolean;
  /** Whether the server's close_notify came; null without TLS. */
  closeNotify: boolean | null;
  /** When it came; null: it did not, or that was not reported. */
  closeNotifyUs: number | null;
  /** In the order of the script. With `--report ends`, only those that failed. */
  steps: DialogueStep[];
}

type Report = ReportSample["report"];
interface Line {
  atUs: number;
  report: Report;
}

/** The connections of a client `dialogue` and their steps, in the order of their numbers. Without `program`: of all programs. */
export function dialogueOf(
  evidence: Recording,
  { program }: { program?: ProgramName } = {},
): DialogueConnection[] {
  const lines = new Map<number, Line[]>();
  for (const sample of samplesOf(evidence, "report")) {
    const number = figure(sample.report["connection"]);
    if (number === null || (program !== undefined && sample.program !== program)) continue;
    if (!lines.has(number)) lines.set(number, []);
    lines.get(number)?.push({ atUs: sample.atUs, report: sample.report });
  }
  return [...lines]
    .map(([connection, its]) => connectionOf(connection, its))
    .toSorted((a, b) => a.connection - b.connection);
}

function connectionOf(connection: number, lines: Line[]): DialogueConnection {
  const of = (kind: string): Line[] => lines.filter(({ report }) => report["kind"] === kind);
  const steps = of("step").map(stepOf);
  const [over] = of("connection");
  const ends = of("ended").map(endOf);
  const whole = over?.report ?? {};
  const step = word(whole["step"]);
  return {
    connection,
    atUs: Math.min(...lines.map(({ atUs }) => atUs)),
    localPort: figure(whole["localPort"]) ?? figure(lines[0]?.report["localPort"]),
    outcome: word(whole["outcome"]),
    failed: step === null ? null : { step, nth: figure(whole["nth"]) ?? 0 },
    ms: figure(whole["ms"]),
    sentBytes: figure(whole["sentBytes"]),
    receivedBytes: figure(whole["receivedBytes"]),
    ended: over === undefined ? (ends[0] ?? null) : endOfWhole(over),
    wasReset: whole["reset"] === true || ends.some(({ how }) => how === "ECONNRESET"),
    closeNotify: typeof whole["closeNotify"] === "boolean" ? whole["closeNotify"] : null,
    closeNotifyUs: of("close-notify")[0]?.atUs ?? null,
    steps: steps.toSorted((a, b) => a.nth - b.nth),
  };
}

function stepOf({ atUs, report }: Line): DialogueStep {
  const step = word(report["step"]) ?? "";
  return {
    atUs,
    nth: figure(report["nth"]) ?? 0,
    step,
    outcome: word(report["outcome"]) ?? "",
    ms: figure(report["ms"]) ?? 0,
    bytes: figure(report["bytes"]),
    answer: step === "answer" || step === "switch" ? answerOf(report) : null,
  };
}

function answerOf(report: Report): DialogueAnswer {
  const field = report["connectionField"];
  return {
    status: figure(report["status"]),
    version: word(report["version"]),
    headBytes: figure(report["headBytes"]) ?? 0,
    bodyBytes: figure(report["bodyBytes"]) ?? 0,
    bodyCrc32: figure(report["bodyCrc32"]) ?? 0,
    connectionField: field === "close" || field === "keep-alive" ? field : null,
    keepAliveSeconds: figure(report["keepAliveSeconds"]),
    isPersistent: report["persistent"] === true,
    isComplete: report["complete"] === true,
  };
}

function endOf({ atUs, report }: Line): DialogueEnd {
  return { how: word(report["how"]) ?? "", atUs, idleMs: figure(report["idleMs"]) ?? 0 };
}

/** The end that the last line of a connection has; its time counts from the connection's beginning. */
function endOfWhole({ atUs, report }: Line): DialogueEnd | null {
  const how = word(report["ended"]);
  if (how === null) return null;
  const endedMs = figure(report["endedMs"]) ?? 0;
  return { how, atUs: atUs + Math.round(endedMs * 1000), idleMs: figure(report["idleMs"]) ?? 0 };
}

function figure(value: Report[string] | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function word(value: Report[string] | undefined): string | null {
  return typeof value === "string" ? value : null;
}
