import type { WireSample } from "../model/sample.ts";
import type { HostBecomes } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";

/** The first message to a wire: its plan and its interfaces. */
export interface WireOrder {
  plan: WirePlan;
  /** The interfaces towards each end: to its host and, if a reboot is planned, to the new stack after the reboot. */
  devices: [WireDevices, WireDevices];
  /** The source addresses of its ICMP errors. */
  router: { ipv4: string; ipv6: string };
  /** How many bytes of each frame are logged. */
  keepBytes: number;
}

export interface WireDevices extends HostAddresses {
  device: string;
  spare: string | null;
}

/** The addresses of a host at an end of the link. `ethernet` is six bytes in hexadecimal, with colons. */
export interface HostAddresses {
  ethernet: string;
  ipv4: string;
  ipv6: string;
}

/** What an intervention does to a wire. */
export type WireAct = { cut: boolean } | { side: 0 | 1; become: HostBecomes };

/** A message to a wire. Every intervention is sent with its name; `act` is null when it does nothing to this wire. */
export type WireCommand =
  | { kind: "order"; order: WireOrder }
  | { kind: "intervention"; name: string; act: WireAct | null }
  | { kind: "finish" };

/** The counts of a wire, from its start to its end. */
export type WireSummary = Pick<
  WireSample,
  "frames" | "malformed" | "lostFrames" | "untoldSegments" | "rules" | "unfinished"
>;

/** A message from a wire. `did` confirms that an intervention is in force. The log comes over a separate socket. */
export type WireMessage =
  | { kind: "ready" }
  | { kind: "did"; name: string }
  | { kind: "finished"; summary: WireSummary }
  | { kind: "failed"; because: string };
