import { releaseNamespace } from "../../kernel/namespace.ts";
import {
  diagSource,
  procSource,
  type SocketSource,
  type SourceOptions,
} from "../../observers/census/source.ts";
import { InputError, UnavailableError } from "../../runs/errors.ts";
import { looking, openNamespace, RefusedError } from "../namespace.ts";

/**
 * The sockets of a process's network namespace, or of lastack's own: by sock_diag where this user may enter it and the kernel has it, else
 * from /proc/PID/net, which shows less. Throws the error of the first way when the second fails, too.
 */
export function openSource(pid: number | null, options: SourceOptions): SocketSource {
  try {
    const namespace = openNamespace(pid, "census");
    try {
      return looking(pid, "census", () => diagSource(namespace, pid, options));
    } finally {
      releaseNamespace(namespace);
    }
  } catch (error) {
    if (!(error instanceof RefusedError) && !(error instanceof UnavailableError)) throw error;
    const because =
      error instanceof RefusedError ? error.reason : "this kernel, or a sandbox, has no sock_diag";
    try {
      return endingWith(pid, procSource(pid, because, options));
    } catch {
      throw error;
    }
  }
}

/** A namespace that is held open outlives its processes, but /proc/PID/net ends with the process. Then an InputError says so. */
function endingWith(pid: number | null, source: SocketSource): SocketSource {
  const each: SocketSource["each"] = (visit) => {
    try {
      source.each(visit);
    } catch (error) {
      if (pid === null || !("code" in (error as Error))) throw error;
      throw new InputError(`Process ${pid} has ended, and /proc/${pid}/net with it.`);
    }
  };
  return { ...source, each };
}
