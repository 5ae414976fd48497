import type { ObservedHost } from "../observers/observer.ts";
import { listening } from "../observers/listening.ts";

/** How often the kernel's table of listeners is read. */
const ASK_EVERY_MS = 20;

/** Calls `then` once, when something listens on a port of a host that `fits`. It stops checking when `isWanted` returns false. */
export function whenListening(
  host: Pick<ObservedHost, "namespace">,
  fits: (port: number) => boolean,
  isWanted: () => boolean,
  then: (port: number) => void,
): void {
  const timer = setInterval(() => {
    const wanted = isWanted();
    const found = wanted ? listening(host).find(({ port }) => fits(port)) : undefined;
    if (wanted && found === undefined) return;
    clearInterval(timer);
    if (found !== undefined) then(found.port);
  }, ASK_EVERY_MS);
}
