import {
  type Attribution,
  type Cause,
  type EndedProgram,
  likely,
  span,
  type Verdict,
} from "./attribution.ts";
import type { Closing } from "./closings.ts";
import { lastRow, type Sources } from "./evidence.ts";

/** A verdict, and the program whose end may have closed the socket. */
export type Settled = Verdict & Pick<Attribution, "made" | "program">;

/**
 * What the end of a process had to do with a FIN or a reset of a socket that it held. A process that a signal ends closes nothing by itself:
 * its kernel closes its sockets as close() would (do_exit in kernel/exit.c, exit_files), with what their unread bytes make of it. A process
 * that exits by itself can have called close() just before, which looks the same.
 */
export function withProcessEnd(verdict: Verdict, closing: Closing, sources: Sources): Settled {
  const { packet, near, far } = closing;
  const plain = { ...verdict, made: null, program: null };
  // Whoever still holds the socket afterwards has not ended.
  if (verdict.cause === "shutdown" && verdict.sure === "decided") return plain;
  const pids = lastRow(sources, closing, [near, far], packet.atUs)?.socket.row.pids ?? [];
  const owners = Object.values(sources.recording.header.setup.programs).filter(
    ({ host }) => host === near.host,
  );
  if (pids.length === 0 && owners.length !== 1) return plain;
  const end = sources.ends.near(near.host, pids, packet.atUs);
  if (end === null) return plain;
  const program: EndedProgram = { program: end.program, signal: end.signal, code: end.code };
  if (end.signal === null) {
    const because = `${verdict.because}; the program ${end.program} exited ${span(end.laterUs)} later`;
    // Whoever held the socket until then closed it by its end.
    const isClosed = closing.ending === "FIN" && verdict.sure === "undecided";
    const settled = isClosed ? likely("close", because, "shutdown") : { ...verdict, because };
    const orElse: Cause[] = settled.sure === "decided" ? [] : [...settled.orElse, "process-ended"];
    return { ...settled, orElse, made: null, program };
  }
  const made = verdict.sure === "undecided" ? (closing.ending === "FIN" ? "close" : null) : verdict.cause;
  const because = `${end.signal} ended the program ${end.program}, which was seen ${span(end.laterUs)} later; ${verdict.because}`;
  // Only SIGKILL cannot be caught: before another signal ends a program, the program can have closed its sockets.
  const isCertain = end.signal === "SIGKILL" && end.afterSignal;
  return {
    cause: "process-ended",
    sure: isCertain ? "decided" : "likely",
    because,
    orElse: isCertain ? [] : made === null ? verdict.orElse : [made],
    made,
    program,
  };
}
