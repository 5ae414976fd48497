import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { spawnWire } from "../../../harness/lab/wire-host.ts";
import { buildWorld, type World } from "../../../harness/lab/world.ts";
import type { LinkPlan, Setup } from "../../../harness/model/setup.ts";
import type { WireMessage, WireSummary } from "../../../harness/wire/order.ts";
import { buildSegment } from "../../../harness/wire/packet/build.ts";
import { FLAG } from "../../../harness/wire/packet/flags.ts";

/** A client and a server whose first link is a wire, and the process of the wire. */
export interface Stretch {
  world: World;
  pid: number;
  /** Ends the wire and returns its summary. */
  finish: () => Promise<WireSummary>;
}

/** Builds a stretch in the namespace of this process, and waits until frames pass. */
export async function stretch(delayMs: number, more: LinkPlan[] = []): Promise<Stretch> {
  const hosts = { client: { sysctls: {} }, server: { sysctls: {} } };
  const between: [string, string] = ["client", "server"];
  const delays: [number, number] = [delayMs, delayMs];
  const wire = {
    kind: "wire" as const,
    between,
    delayMs: delays,
    bitsPerSecond: null,
    loss: 0,
    seed: 1,
    rules: [],
  };
  const setup: Setup = {
    hosts,
    links: [wire, ...more],
    programs: {},
    phases: [],
    interventions: [],
    observers: {},
  };
  const world = buildWorld(setup);
  const [host] = world.wires;
  if (host === undefined) throw new Error("the world has no wire");
  const child = spawnWire(host);
  child.stderr?.pipe(process.stderr);
  child.send({
    kind: "order",
    order: { plan: wire, devices: host.devices, router: host.router, keepBytes: 192 },
  });
  // The wire's log is read and dropped, because a trial reads it too.
  (child.stdio[4] as Readable).resume();
  await answer(child, "ready");
  const finish = async (): Promise<WireSummary> => {
    child.send({ kind: "finish" });
    const { summary } = await answer(child, "finished");
    world.close();
    return summary;
  };
  return { world, pid: child.pid!, finish };
}

/** A frame from the client to the server that no TCP stack answers: a RST for no connection. By default without payload. */
export function unansweredFrame(payload = new Uint8Array(0)): Uint8Array {
  return buildSegment({
    ethernet: { source: Uint8Array.of(2, 0, 0, 0, 0, 1), destination: Uint8Array.of(2, 0, 0, 0, 0, 2) },
    source: "192.0.2.1",
    destination: "192.0.2.2",
    sourcePort: 40_001,
    destinationPort: 9,
    sequence: 1,
    acknowledgement: 0,
    flags: FLAG.RST,
    windowField: 0,
    payload,
  });
}

function answer<K extends WireMessage["kind"]>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<WireMessage, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const bound = setTimeout(() => reject(new Error(`the wire is not ${kind}`)), 10_000);
    child.on("message", (message: WireMessage) => {
      if (message.kind === "failed") reject(new Error(message.because));
      if (message.kind !== kind) return;
      clearTimeout(bound);
      resolve(message as Extract<WireMessage, { kind: K }>);
    });
  });
}
