import type { PeerOptions, PeerPlan, PeerStep } from "../model/peer.ts";
import type { InterventionPlan } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";
import { unknownName } from "./unknown-name.ts";

const LAST_PORT = 65_535;
/** The room for options in a TCP header (RFC 9293 section 3.1): 15 words of 4 bytes, minus the 20 bytes that are always there. */
const MOST_OPTION_BYTES = 40;

/**
 * Checks a wire's peer for errors that the schema cannot find: an unknown host or intervention, a segment that is sent before there is a
 * connection, options that do not fit into a header. Returns a sentence for each error; each begins with its path, below `path`.
 */
export function peerUnsound(
  { between }: WirePlan,
  peer: PeerPlan,
  interventions: InterventionPlan[],
  path: string,
): string[] {
  const { host, port, connections, to, family, steps } = peer;
  const found = steps.flatMap((step, n) => stepUnsound(step, interventions, `${path}.steps[${n}]`));
  found.push(...unknownName("host on this link", host, between, `${path}.host`));
  const reboot = interventions.find(
    ({ do: action }) => "host" in action && action.host === host && action.become === "rebooted",
  );
  if (reboot !== undefined) {
    found.push(
      `${path}.host: the intervention ${JSON.stringify(reboot.name)} reboots ${JSON.stringify(host)}, ` +
        "but a host with a script has no stack to restart",
    );
  }
  if (to !== undefined && port + connections - 1 > LAST_PORT) {
    found.push(
      `${path}.port: ${connections} connections from port ${port} on need ports beyond ${LAST_PORT}`,
    );
  }
  if (to === undefined && family !== undefined) {
    found.push(
      `${path}.family: only a peer with "to" has this key; a peer that is called answers in the caller's family`,
    );
  }
  const firstSend = steps.findIndex((step) => "send" in step);
  const firstAwait = steps.findIndex((step) => "await" in step);
  if (to === undefined && firstSend !== -1 && (firstAwait === -1 || firstSend < firstAwait)) {
    found.push(`${path}.steps[${firstSend}]: a peer without "to" must await a segment before it sends one`);
  }
  return found;
}

function stepUnsound(step: PeerStep, interventions: InterventionPlan[], path: string): string[] {
  if ("after" in step) {
    const names = interventions.map(({ name }) => name);
    return unknownName("intervention", step.after, names, `${path}.after`);
  }
  if (!("send" in step)) return [];
  const bytes = optionBytes(step.send.options ?? {});
  return bytes <= MOST_OPTION_BYTES
    ? []
    : [
        `${path}.send.options: these options take ${bytes} bytes, but a TCP header has room for ${MOST_OPTION_BYTES}`,
      ];
}

/** How many bytes the options take: kind, length and value of each (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413). */
function optionBytes(options: PeerOptions): number {
  const { mssBytes, windowScale, sackPermitted, sack, timestamps, fastOpenCookie } = options;
  return (
    (mssBytes === undefined ? 0 : 4) +
    (windowScale === undefined ? 0 : 3) +
    (sackPermitted === undefined ? 0 : 2) +
    (sack === undefined ? 0 : 2 + 8 * sack.length) +
    (timestamps === undefined ? 0 : 10) +
    (fastOpenCookie === undefined ? 0 : 2 + fastOpenCookie.length / 2)
  );
}
