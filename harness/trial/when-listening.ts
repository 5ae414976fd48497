import type { ObservedHost } from "../observers/observer.ts";
import { listensOn } from "../observers/listening.ts";

/** How often the kernel's table of listeners is read. */
const ASK_EVERY_MS = 20;

/** Calls `then` once, when something listens on a host's port. It stops checking when `isWanted` returns false. */
export function whenListening(
  host: Pick<ObservedHost, "namespace">,
  port: number,
  isWanted: () => boolean,
  then: () => void,
): void {
  const timer = setInterval(() => {
    const wanted = isWanted();
    const listens = wanted && listensOn(host, port);
    if (wanted && !listens) return;
    clearInterval(timer);
    if (listens) then();
  }, ASK_EVERY_MS);
}
