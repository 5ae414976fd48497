import { releaseNamespace } from "../kernel/namespace.ts";
import { diagSource, procSource, type SocketSource, type SourceOptions } from "../observers/census/source.ts";
import { UnavailableError } from "../runs/errors.ts";
import { looking, openNamespace, RefusedError } from "./namespace.ts";

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
      return procSource(pid, because, options);
    } catch {
      throw error;
    }
  }
}
