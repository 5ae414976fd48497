import { type DialogueConnection, dialogueOf } from "../measure/dialogue.ts";
import { wireConnections } from "../measure/packets.ts";
import type { Recording } from "../model/recording.ts";

/** A client of a burst, and what the wire shows of its connection. */
export interface BurstClient extends DialogueConnection {
  /** Whether the server's kernel has acknowledged the first bytes: the connection is in the queue for accept(), or was. */
  isTaken: boolean;
  /** What the client sent again because nobody acknowledged it; null when nothing. */
  again: "SYN" | "request" | null;
}

/** The clients of a program, by what the wire shows of them. */
export function burstClients(recording: Recording, program: string): BurstClient[] {
  const wire = new Map(wireConnections(recording).map((one) => [one.ends[0].port, one.packets]));
  return dialogueOf(recording, { program }).map((one) => {
    const packets = wire.get(one.localPort ?? 0) ?? [];
    const sent = packets.filter(({ from }) => from === "client");
    const syns = sent.filter(({ flags }) => flags.includes("SYN")).length;
    // Sequence numbers are relative to the SYN, which is 0.
    const first = sent.filter(({ sequence, payloadBytes }) => sequence === 1 && payloadBytes > 0).length;
    const isTaken = packets.some(
      ({ from, acknowledgement }) => from === "server" && (acknowledgement ?? 0) > 1,
    );
    return { ...one, isTaken, again: syns > 1 ? "SYN" : first > 1 ? "request" : null };
  });
}

/** When a connection was over. */
export function overUs({ atUs, ms }: DialogueConnection): number {
  return atUs + 1000 * (ms ?? 0);
}

/** How long connect() took, in milliseconds; null when it did not succeed. */
export function connectMs({ steps }: DialogueConnection): number | null {
  return steps.find(({ step, outcome }) => step === "connect" && outcome === "ok")?.ms ?? null;
}
