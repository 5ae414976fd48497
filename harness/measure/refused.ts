import type { HostName, ProgramName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import { samplesOf } from "./evidence.ts";

/** A program that connects to where no socket of the host listens. */
export interface Refused {
  program: ProgramName;
  /** `192.0.2.2:8080`, or `{server}:8080` for a host with several addresses. */
  target: string;
  host: HostName;
  /** Where the host's sockets listen in all samples: `127.0.0.1:8080`. */
  listening: string[];
}

/** A target in a word of a command: `{server}:8080`, `http://[{server6}]:8080/`, `127.0.0.1:8080`. */
const TARGET = /\[?(?:\{([a-z]+)(6?)\}|(127(?:\.\d{1,3}){3}))\]?:(\d{1,5})/g;
const LOOPBACK = /^(?:127\.|::1$)/;

interface Target {
  host: HostName;
  isIpv6: boolean;
  isLoopback: boolean;
  address: string;
  port: number;
}

/**
 * The first of these programs whose command names a target where nothing listens in any sample of the listeners. A socket that listens
 * on another address of the host, or on another port, is no help to the client. null when there is none, or nobody sampled the listeners.
 */
export function refusedTarget(recording: Recording, programs: ProgramName[]): Refused | null {
  for (const program of programs) {
    for (const target of targetsOf(recording, program)) {
      const samples = samplesOf(recording, "listeners", target.host);
      const listeners = samples.flatMap((sample) => sample.listeners);
      if (
        samples.length === 0 ||
        listeners.some((one) => one.port === target.port && hears(one.address, target))
      )
        continue;
      const listening = [...new Set(listeners.map(({ address, port }) => endpoint(address, port)))];
      return { program, target: endpoint(target.address, target.port), host: target.host, listening };
    }
  }
  return null;
}

function targetsOf({ header }: Recording, program: ProgramName): Target[] {
  const plan = header.setup.programs[program];
  const words = plan?.run.join(" ") ?? "";
  return [...words.matchAll(TARGET)].map(([, name, six, loopback, port]) => {
    const host = name ?? plan?.host ?? "";
    const isIpv6 = six === "6";
    const own = (header.addresses[host] ?? []).filter(
      (address) => address.includes(":") === isIpv6 && !LOOPBACK.test(address),
    );
    const [only, another] = own;
    const address = loopback ?? (another === undefined ? only : undefined) ?? `{${host}${six ?? ""}}`;
    return { host, isIpv6, isLoopback: loopback !== undefined, address, port: Number(port) };
  });
}

/** Whether a connection to the target reaches a socket that listens on this address. `::` also takes IPv4, as Node listens by default. */
function hears(address: string, { isIpv6, isLoopback }: Target): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (plain === "::" || (plain === "0.0.0.0" && !isIpv6)) return true;
  return plain.includes(":") === isIpv6 && LOOPBACK.test(plain) === isLoopback;
}

function endpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
