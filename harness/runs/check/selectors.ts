import * as z from "zod";
import { TCP_FLAGS } from "../../model/segment.ts";
import type { Attempts, AttemptTime } from "../../measure/attempts.ts";
import type { Calls } from "../../measure/calls.ts";
import type { Counter } from "../../measure/counters.ts";
import type { Ends } from "../../measure/ends.ts";
import type { Listeners } from "../../measure/listeners.ts";
import type { Processes } from "../../measure/processes.ts";
import type { Reports } from "../../measure/reports.ts";
import type { Segments } from "../../measure/segments.ts";
import type { Sockets } from "../../measure/sockets.ts";
import type { Agreement } from "../../recording/agreement.ts";
import { fate, momentPhase, owner, queue, timer } from "../../recording/sample-schema.ts";
import { phaseName, side, tcpState } from "../../recording/setup-schema.ts";
import { strict } from "../../recording/strict.ts";
import type { SocketEnd } from "../../verdict/vocabulary/packets.ts";

// The selectors of the vocabulary as schemas. Each is strict: a misspelt key is refused. An ignored key would select more than was meant.

const name = z.string().min(1);
const port = z.int().min(1).max(65535);
const count = z.int().min(0);

/** One of some words, or a list of them. */
const oneOrMore = <T extends string>(one: z.ZodType<T>, noun: string) =>
  z.union([one, z.array(one).min(1).readonly()], { error: `expected ${noun}, or a list of them` });

const flags = z.array(z.enum(TCP_FLAGS)).min(1).readonly();

export const sockets = strict({
  host: name.exactOptional(),
  state: oneOrMore(tcpState, "a TCP state").exactOptional(),
  side: side.exactOptional(),
  port: port.exactOptional(),
  timer: oneOrMore(timer, "a timer").exactOptional(),
  receiveQueue: queue.exactOptional(),
  sendQueue: queue.exactOptional(),
  owner: oneOrMore(owner, "an owner").exactOptional(),
});
export const attempts = strict({ program: name.exactOptional(), phase: phaseName.exactOptional() });
export const reports = strict({ program: name.exactOptional(), kind: name.exactOptional() });
export const calls = strict({
  program: name.exactOptional(),
  call: name.exactOptional(),
  phase: momentPhase.exactOptional(),
  remotePort: port.exactOptional(),
});
export const ends = strict({ program: name.exactOptional(), phase: momentPhase.exactOptional() });
export const counter = strict({ host: name.exactOptional(), counter: name });
export const listeners = strict({ host: name.exactOptional(), port: port.exactOptional() });
export const processes = strict({ host: name.exactOptional(), program: name.exactOptional() });
export const segments = strict({
  link: count.exactOptional(),
  connection: count.exactOptional(),
  from: name.exactOptional(),
  flags: flags.exactOptional(),
  without: flags.exactOptional(),
  payload: z.enum(["some", "none"]).exactOptional(),
  fate: oneOrMore(fate, "a fate").exactOptional(),
  rule: name.exactOptional(),
  untilEnd: z.literal(true).exactOptional(),
  phase: momentPhase.exactOptional(),
});
export const socketEnd = strict({
  host: name,
  link: count.exactOptional(),
  connection: count.exactOptional(),
});
export const attemptTime = z.enum(["connectMs", "firstByteMs", "totalMs"]);

true satisfies Agreement<z.infer<typeof sockets>, Sockets>;
true satisfies Agreement<z.infer<typeof attempts>, Attempts>;
true satisfies Agreement<z.infer<typeof reports>, Reports>;
true satisfies Agreement<z.infer<typeof calls>, Calls>;
true satisfies Agreement<z.infer<typeof ends>, Ends>;
true satisfies Agreement<z.infer<typeof counter>, Counter>;
true satisfies Agreement<z.infer<typeof listeners>, Listeners>;
true satisfies Agreement<z.infer<typeof processes>, Processes>;
true satisfies Agreement<z.infer<typeof segments>, Segments>;
true satisfies Agreement<z.infer<typeof socketEnd>, SocketEnd>;
true satisfies Agreement<z.infer<typeof attemptTime>, AttemptTime>;
