import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../lab/world.ts";
import { whereListening } from "./where-listening.ts";

const ASK_EVERY_MS = 20;

/**
 * Where a host listens after its server's process has ended by itself, as `host server listens on 0.0.0.0:80`: a process that the server has
 * left behind holds the socket. null when nothing listens there `withinMs` later, or when the host is gone.
 */
export async function leftBehind(
  host: Host,
  known: readonly number[],
  withinMs: number,
): Promise<string | null> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      const { sentence } = whereListening(host, known);
      if (sentence !== null || performance.now() >= untilMs) return sentence;
    } catch {
      return null;
    }
    await sleep(ASK_EVERY_MS);
  }
}
