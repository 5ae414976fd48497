import { calls, type CallMade } from "../../../measure/calls.ts";
import { repeats, wireConnections } from "../../../measure/packets.ts";
import { segments } from "../../../measure/segments.ts";
import type { HostName } from "../../../model/names.ts";
import type { Recording } from "../../../model/recording.ts";
import { figureOf, question } from "../../former.ts";
import type { Question } from "../../former.ts";
import type { Bound } from "../../../verdict/bound.ts";

/** A round trip of these trials takes 100 ms: what is quicker did not wait for the other end. */
export const AT_ONCE_MS = 90;

/** What a program wrote to its connections, in bytes; null when it told of no send() that returned. */
export function written(recording: Recording, program: string): number | null {
  const sent = calls(recording, { program, call: "send" }).filter(({ result }) => typeof result === "number");
  return sent.length === 0 ? null : sent.reduce((sum, { result }) => sum + Number(result), 0);
}

/** What a program read, whatever ended it, in bytes; null when it told of no recv(). */
export function received(recording: Recording, program: string): number | null {
  const read = calls(recording, { program, call: "recv" });
  return read.length === 0 ? null : read.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

/** A program's calls that failed, each with its errno. */
export function failures(recording: Recording, program: string): CallMade[] {
  return calls(recording, { program }).filter(({ result }) => typeof result === "string");
}

/** How long a program's first close() took, in milliseconds; null when none was timed. */
export function closeMs(recording: Recording, program = "client"): number | null {
  const [first] = calls(recording, { program, call: "close" });
  return first === undefined || first.tookUs === null ? null : first.tookUs / 1000;
}

/** The first of FIN and RST that one end of a connection sent; null when it sent neither. */
export function goodbye(recording: Recording, from: HostName, connection = 1): "FIN" | "RST" | null {
  const flags = segments(recording, { from, connection }).flatMap((packet) => packet.flags);
  return flags.find((flag): flag is "FIN" | "RST" => flag === "FIN" || flag === "RST") ?? null;
}

/**
 * How often one end's FIN came to the wire once more, while nobody ended the programs; null when there was no such connection, or
 * no FIN of that end.
 */
export function finsRepeated(recording: Recording, from: HostName, connection: number): number | null {
  const packets = wireConnections(recording).find((one) => one.connection === connection)?.packets ?? [];
  const fins = packets.filter(({ from: sender, flags, phase }) => {
    return sender === from && flags.includes("FIN") && phase !== "end";
  });
  const again = repeats(packets);
  return fins.length === 0 ? null : fins.filter((fin) => again.get(fin)?.kind === "retransmission").length;
}

/** How often a closed window was probed on a wire, while nobody ended the programs. */
export function windowProbes(recording: Recording, link: number): number | null {
  const found = wireConnections(recording).filter((one) => one.link === link);
  const probes = found
    .flatMap(({ packets }) => [...repeats(packets)])
    .filter(([{ phase }, { kind }]) => phase !== "end" && kind === "window probe");
  return found.length === 0 ? null : probes.length;
}

/** How many of the bytes that one program wrote the other could read. */
export function delivered(isSo: (read: number, wrote: number) => boolean): Question {
  return question(["report"], (recording) => {
    const [wrote, read] = [written(recording, "client"), received(recording, "server")];
    const of = { read: read ?? "?", wrote: wrote ?? "?" };
    return {
      holds: wrote === null || read === null ? null : isSo(read, wrote),
      observed: {
        en: `${of.read} of the ${of.wrote} bytes written were received`,
        zh: `写入 ${of.wrote} 字节，对端收到 ${of.read} 字节`,
      },
    };
  });
}

/** How long close() took. */
export function closeTook(bound: Bound): Question {
  return figureOf(
    { en: "close() took {} ms", zh: "close() 用了 {} ms" },
    { needs: ["report"], of: (recording) => closeMs(recording) },
    bound,
  );
}
