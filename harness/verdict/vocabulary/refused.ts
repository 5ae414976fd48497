import { refusedTarget } from "../../measure/refused.ts";
import type { ProgramName } from "../../model/names.ts";
import type { Recording } from "../../model/recording.ts";
import type { Text } from "../../model/text.ts";

/** For a refuted claim about clients that were refused: where they connect to, and where their server listens instead; null otherwise. */
export function whyRefused(recording: Recording, refused: ProgramName[]): Text | null {
  const found = refusedTarget(recording, [...new Set(refused)]);
  if (found === null) return null;
  const { program, target, host, listening } = found;
  const there = listening.join(", ");
  return {
    en:
      there === ""
        ? `nothing listens on host ${host}, and ${program} connects to ${target}`
        : `host ${host} listens on ${there} only, and ${program} connects to ${target}`,
    zh:
      there === ""
        ? `主机 ${host} 上没有监听，而 ${program} 连接 ${target}`
        : `主机 ${host} 只监听 ${there}，而 ${program} 连接 ${target}`,
  };
}
