import type { Examination } from "../diagnosis/examine.ts";
import type { Surroundings } from "../diagnosis/surroundings.ts";
import { wrap } from "./wrap.ts";

/** How many names of processes a line lists. */
const MOST_NAMES = 7;

/** What could not be read of a live host, and as whom it could be. */
export function unreadLines(
  { unread, unseenSockets }: Pick<Examination, "unread" | "unseenSockets">,
  { threadsNotReadable }: Pick<Surroundings, "threadsNotReadable">,
  columns: number,
): string[] {
  const parts = [
    ...(unread.length === 0 ? [] : [`the descriptors of ${processes(unread)}, and what their threads do`]),
    ...(unseenSockets === 0
      ? []
      : [
          `who holds ${unseenSockets === 1 ? "one socket" : `${unseenSockets} sockets`}, and the descriptors of these processes`,
        ]),
    ...(threadsNotReadable.length === 0 ? [] : [`what the threads of ${processes(threadsNotReadable)} do`]),
  ];
  if (parts.length === 0) return [];
  const remedy =
    unread.length + threadsNotReadable.length > 0
      ? "Run this as root, with CAP_SYS_PTRACE, or as their user, to see them."
      : "These processes are another user's or in another pid namespace: run this as root, outside of containers or in the same pid namespace.";
  return wrap(`Not visible: ${parts.join("; ")}. ${remedy}`, columns);
}

/** `a process (nginx)`; `3 processes (nginx, node)`. */
function processes(all: readonly { name: string }[]): string {
  const names = [...new Set(all.map(({ name }) => name))];
  const some = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), "..."] : names;
  return `${all.length === 1 ? "a process" : `${all.length} processes`} (${some.join(", ")})`;
}
