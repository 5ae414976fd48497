import type { PeerOptions, PeerPlan, PeerStep } from "../model/peer.ts";
import type { InterventionPlan } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";

const LAST_PORT = 65_535;
/** What a TCP header has room for (RFC 9293 section 3.1): 15 words of 4 bytes, less the 20 bytes that are always there. */
const MOST_OPTION_BYTES = 40;

/**
 * What is wrong with a wire's peer beyond its shape: a host or an intervention that is not there, something said to nobody, what
 * does not fit into a header. A sentence for each, with its path, which begins with `path`.
 */
export function peerUnsound(
  { between }: WirePlan,
  peer: PeerPlan,
  interventions: InterventionPlan[],
  path: string,
): string[] {
  const { host, port, connections, to, family, steps } = peer;
  const found = steps.flatMap((step, n) => stepUnsound(step, interventions, `${path}.steps[${n}]`));
  if (!between.includes(host)) {
    found.push(
      `${path}.host: ${JSON.stringify(host)} is no end of this link; they are ${between.join(", ")}`,
    );
  }
  const reboot = interventions.find(
    ({ do: action }) => "host" in action && action.host === host && action.become === "rebooted",
  );
  if (reboot !== undefined) {
    found.push(
      `${path}.host: ${JSON.stringify(host)} is rebooted by the intervention ${JSON.stringify(reboot.name)}, and a script has no stack to begin anew`,
    );
  }
  if (to !== undefined && port + connections - 1 > LAST_PORT) {
    found.push(
      `${path}.port: ${connections} connections from the ports that follow ${port} go beyond ${LAST_PORT}`,
    );
  }
  if (to === undefined && family !== undefined) {
    found.push(
      `${path}.family: one that is called answers in the caller's family; it is for a peer with "to"`,
    );
  }
  const said = steps.findIndex((step) => "send" in step);
  const heard = steps.findIndex((step) => "await" in step);
  if (to === undefined && said !== -1 && (heard === -1 || said < heard)) {
    found.push(
      `${path}.steps[${said}]: there is nobody to send to yet: a peer without "to" awaits a call first`,
    );
  }
  return found;
}

function stepUnsound(step: PeerStep, interventions: InterventionPlan[], path: string): string[] {
  if ("after" in step && !interventions.some(({ name }) => name === step.after)) {
    const names = interventions.map(({ name }) => name).join(", ") || "none";
    return [`${path}.after: there is no intervention ${JSON.stringify(step.after)}; there are ${names}`];
  }
  if (!("send" in step)) return [];
  const bytes = optionBytes(step.send.options ?? {});
  return bytes <= MOST_OPTION_BYTES
    ? []
    : [`${path}.send.options: they have ${bytes} bytes, and a TCP header has room for ${MOST_OPTION_BYTES}`];
}

/** How many bytes options take: kind and length, and what each carries (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413). */
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
