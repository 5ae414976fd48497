import { samplesOf } from "../measure/evidence.ts";
import type { CommandEnd } from "../model/exec.ts";
import type { Recording } from "../model/recording.ts";
import type { ProgramSample } from "../model/sample.ts";
import { CLIENT } from "./scene.ts";

/** A process that ends is half there for a moment: its descriptors go before it does. */
const ENDING_US = 60_000;

/** When a recording's command began and ended, in its time. A command that never began ran for no time. */
export function ran(recording: Recording): { fromUs: number; toUs: number } {
  const events = eventsOf(recording);
  const fromUs = events.find(({ event }) => event === "started")?.atUs;
  if (fromUs === undefined) return { fromUs: 0, toUs: 0 };
  // A command that lastack ends is looked at until then.
  const overUs = samplesOf(recording, "phase").find(
    ({ phase, event }) => phase === "load" && event === "end",
  )?.atUs;
  const exitUs = events.find(({ event }) => event === "exited" || event === "failed")?.atUs;
  const lastUs = recording.samples.at(-1)?.atUs ?? fromUs;
  return { fromUs, toUs: Math.min(overUs ?? lastUs, exitUs ?? lastUs) };
}

/** Until when the looks show a command that ran from `fromUs` to `toUs`, and not its end. */
export function wholeUntil({ fromUs, toUs }: { fromUs: number; toUs: number }): number {
  return Math.max(fromUs, toUs - ENDING_US);
}

/** When the command had ended, in the recording's time; null for one that lastack ended together with the recording. */
export function exitUs(recording: Recording): number | null {
  const exit = eventsOf(recording).find(({ event }) => event === "exited" || event === "failed");
  return exit?.atUs ?? null;
}

/** How a recording's command ended; null when it was never started. */
export function endOf(recording: Recording): CommandEnd | null {
  const events = eventsOf(recording);
  if (!events.some(({ event }) => event === "started")) return null;
  const exit = events.find(({ event }) => event === "exited" || event === "failed");
  const phase = samplesOf(recording, "phase").find(
    ({ phase: name, event }) => name === "load" && event === "end",
  );
  const end = samplesOf(recording, "end").at(-1);
  const lastackWhy = samplesOf(recording, "fault").length > 0 ? "fault" : "timeout";
  const endedBy = phase?.met === true ? "itself" : end?.reason === "interrupted" ? "interrupt" : lastackWhy;
  return {
    exitCode: endedBy === "itself" ? (exit?.code ?? null) : null,
    signal: exit?.signal ?? null,
    endedBy,
    lastLines: exit?.lastLines ?? [],
  };
}

function eventsOf(recording: Recording): ProgramSample[] {
  return samplesOf(recording, "program").filter(({ program }) => program === CLIENT);
}
