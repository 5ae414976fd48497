import type { HostName, ProgramName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { TcpFlag } from "../model/segment.ts";
import { type CallMade, calls, returnedCalls } from "./calls.ts";
import { samplesOf } from "./evidence.ts";
import { segments } from "./segments.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/** How many bytes a program wrote to its connections; null when it reported no send() that returned. */
export function bytesWritten(recording: Recording, program: ProgramName): number | null {
  const sent = calls(recording, { program, call: "send" }).filter(({ result }) => typeof result === "number");
  return sent.length === 0 ? null : sent.reduce((sum, { result }) => sum + Number(result), 0);
}

/** How many bytes a program read, whatever ended the reading; null when it reported no recv(). */
export function bytesRead(recording: Recording, program: ProgramName): number | null {
  const read = calls(recording, { program, call: "recv" });
  return read.length === 0 ? null : read.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

/** How many bytes a program's n-th recv() (from 0), or its last, read: all, or those of another connection; null when not called. */
export function recvGave(
  recording: Recording,
  program: ProgramName,
  nth: number | "last",
  what: "bytes" | "foreign" = "bytes",
): number | null {
  return calls(recording, { program, call: "recv" }).at(nth === "last" ? -1 : nth)?.[what] ?? null;
}

/** How many of the bytes that the server wrote the client's end acknowledged; null when no write was reported. */
export function bytesAcknowledged(recording: Recording): number | null {
  const wrote = bytesWritten(recording, "server");
  if (wrote === null) return null;
  const numbers = segments(recording, { from: "client" }).map(({ acknowledgement }) => acknowledgement ?? 0);
  return Math.min(Math.max(0, ...numbers) - 1, wrote);
}

/** Bytes that the client read after it sent its FIN; null when it called no recv() after that. */
export function bytesReadAfterFin(recording: Recording): number | null {
  const [fin] = segments(recording, { from: "client", flags: ["FIN"] });
  const reads = returnedCalls(recording, { program: "client", call: "recv" });
  const after = reads.filter(({ atUs }) => fin !== undefined && atUs > fin.atUs);
  return after.length === 0 ? null : after.reduce((sum, read) => sum + (read.bytes ?? 0), 0);
}

/** A program's calls that failed, each with its errno. */
export function failedCalls(recording: Recording, program: ProgramName): CallMade[] {
  return calls(recording, { program }).filter(({ result }) => typeof result === "string");
}

/** How long a program's first close() took, in milliseconds; null when none was timed. */
export function closeMs(recording: Recording, program: ProgramName): number | null {
  const tookUs = calls(recording, { program, call: "close" })[0]?.tookUs ?? null;
  return tookUs === null ? null : tookUs / 1000;
}

/** The seconds that a program set with SO_LINGER; null when it set none. */
export function lingerSeconds(recording: Recording, program: ProgramName): number | null {
  const set = calls(recording, { program }).find(({ call }) => call.startsWith("setsockopt(SO_LINGER"));
  const seconds = Number(/, (\d+)\)$/.exec(set?.call ?? "")?.[1]);
  return Number.isNaN(seconds) ? null : seconds;
}

/** How many segments with a flag the server sent before the last look that saw such sockets; null without such sockets or a wire. */
export function sentWhile(recording: Recording, flag: TcpFlag, which: Sockets): number | null {
  const seen = socketSeries(recording, which).longest((count) => count > 0);
  if (seen === null || samplesOf(recording, "wire").length === 0) return null;
  return segments(recording, { from: "server", flags: [flag] }).filter(({ atUs }) => atUs < seen.toUs).length;
}

/** Bytes that a host sent after the other end's FIN, up to the last look that saw such sockets; null without either of them. */
export function bytesSentWhile(recording: Recording, from: HostName, which: Sockets): number | null {
  const seen = socketSeries(recording, which).longest((count) => count > 0);
  const fin = segments(recording, { flags: ["FIN"] }).find((packet) => packet.from !== from);
  if (seen === null || fin === undefined) return null;
  return segments(recording, { from, payload: "some" })
    .filter(({ atUs }) => atUs > fin.atUs && atUs <= seen.toUs)
    .reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
}
