import { lookup } from "node:dns/promises";
import { currentNamespace, releaseNamespace } from "../../kernel/namespace.ts";
import type { Endpoint } from "../load-plan.ts";
import { endpoint, plain, type Target } from "../target.ts";
import { observeListeners } from "../../observers/listeners.ts";
import { isDocumentation, staysHere } from "./neighbourhood.ts";

/** A target that nothing is sent to, with the sentence for the user: it is not ours, or its name has no address. */
export class TargetRefused extends Error {
  override readonly name = "TargetRefused";
  /** `foreign`: an address that is not ours; `unknown`: a name without an address; `unasked`: the resolver could not answer. */
  readonly kind: "foreign" | "unknown" | "unasked";

  constructor(kind: TargetRefused["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Where a target is. A name is looked up once (getaddrinfo(3), which can ask a name server). All its addresses must be this
 * machine's own or of hosts of the lab that this process runs in, unless `mine` says that the target is the user's own. Of several addresses, the first at which something listens here is chosen, else the
 * first. `said` is a sentence on the chosen address, null for an address in numbers. Nothing is sent to the target. Errors:
 * TargetRefused.
 */
export async function resolveTarget(
  target: Target,
  mine: boolean,
): Promise<{ endpoint: Endpoint; said: string | null }> {
  if (isAny(target.host)) {
    throw new TargetRefused(
      "foreign",
      `${target.host} is an address to listen at, and no address to send to: use 127.0.0.1 or [::1].`,
    );
  }
  const addresses = target.isAddress ? [target.host] : await addressesOf(target.host);
  const foreign = addresses.filter((address) => !staysHere(plain(address)));
  if (foreign.length > 0 && !mine) throw new TargetRefused("foreign", refusal(target.host, foreign));
  const taken = addresses.find((address) => listensHere(address, target.port)) ?? addresses[0] ?? "";
  const others = addresses.filter((address) => address !== taken);
  const rest = others.length === 0 ? "" : `; it also has ${others.join(", ")}`;
  return {
    endpoint: endpoint(target, taken),
    said: target.isAddress ? null : `${target.host} is ${taken}${rest}.`,
  };
}

function refusal(host: string, foreign: string[]): string {
  const which = foreign[0] === host ? host : `${host} is ${foreign.join(", ")}, which`;
  const inside = foreign.some(isDocumentation)
    ? " A lab's hosts have such addresses, but only inside of the lab: lastack run EXPERIMENT --hold prints how to enter it."
    : "";
  return (
    `${which} is neither an address of this machine nor, from here, a host of a lab: a load is only for your own servers.${inside} ` +
    `If this one is yours, add --remote-target-is-mine. Nothing was sent.`
  );
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw unresolved(host, code);
  }
}

/** The refusal of a name that getaddrinfo(3) found no address for, by Node's name of its error (errno of libuv, and ENOTFOUND). */
export function unresolved(host: string, code: string): TargetRefused {
  if (code === "ENOTFOUND") {
    return new TargetRefused(
      "unknown",
      `There is no host ${host}: the resolver knows no address of this name (getaddrinfo ENOTFOUND).`,
    );
  }
  const why = code === "EAI_AGAIN" ? "no name server answered it for now" : "it failed";
  return new TargetRefused(
    "unasked",
    `The resolver could not look up the host ${host}: ${why} (getaddrinfo ${code}). An address in numbers needs no resolver.`,
  );
}

/** Whether something listens at an address and port of this namespace, or at all addresses. */
function listensHere(address: string, port: number): boolean {
  const namespace = currentNamespace("here");
  const listeners = observeListeners({ name: "here", namespace });
  try {
    // A listener at :: mostly accepts IPv4, too; a listener at the IPv4 wildcard accepts only IPv4.
    const isOf = (one: string): boolean =>
      one === address || (isAny(one) && (one === "::" || !address.includes(":")));
    return listeners
      .look({ atUs: 0, phase: "setup" })
      .listeners.some((one) => one.port === port && isOf(one.address));
  } finally {
    listeners.close();
    releaseNamespace(namespace);
  }
}

/** The address that stands for all addresses of a host: all bits 0 (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.2). */
function isAny(address: string): boolean {
  return address === "::" || /^[0.]+$/.test(address);
}
