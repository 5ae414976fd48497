import type { PacketSample } from "../model/sample.ts";

/** What a wire did with a segment, in the words of a packet's comment: `dropped by the rule "first SYN-ACK"`, `passed after 20.1 ms`. */
export function wireComment({ atUs, sentUs, fate, rule }: PacketSample): string {
  const by = rule === null ? "" : ` by the rule "${rule}"`;
  const after = sentUs === null ? "" : ` after ${((sentUs - atUs) / 1000).toFixed(1)} ms`;
  switch (fate) {
    case "passed":
      return `passed${by}${after}`;
    case "held":
      return sentUs === null ? `held${by}, and never sent on` : `held${by}, and sent on${after}`;
    case "duplicated":
      return sentUs === null ? `duplicated${by}` : `duplicated${by}; the first was sent on${after}`;
    case "corrupted":
      return `passed with a byte inverted${by}${after}`;
    case "dropped":
      return `dropped${by}`;
    case "lost":
      return "lost by the wire's plan of loss, or by want of room";
    case "cut":
      return "cut: the link was cut, or a host away";
  }
}
