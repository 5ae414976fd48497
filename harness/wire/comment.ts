import type { PacketSample } from "../model/sample.ts";

/** The comment of a packet: what the wire did with the segment. `dropped by the rule "first SYN-ACK"`, `passed after 20.1 ms`. */
export function wireComment({ atUs, sentUs, fate, rule }: PacketSample): string {
  const by = rule === null ? "" : ` by the rule "${rule}"`;
  const after = sentUs === null ? "" : ` after ${((sentUs - atUs) / 1000).toFixed(1)} ms`;
  switch (fate) {
    case "passed":
      return `passed${by}${after}`;
    case "held":
      return sentUs === null ? `held${by}, and never sent` : `held${by}, and sent${after}`;
    case "duplicated":
      return sentUs === null ? `duplicated${by}` : `duplicated${by}; the first copy was sent${after}`;
    case "corrupted":
      return `passed${after}, with one byte inverted${by}`;
    case "dropped":
      return `dropped${by}`;
    case "lost":
      return "lost: by the wire's random loss, or because its memory was full";
    case "cut":
      return "cut: the link was cut, or a host was not reachable";
  }
}
