import type { WireSample } from "../model/sample.ts";
import type { HostBecomes } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";

/** What a wire is given at its start. */
export interface WireOrder {
  plan: WirePlan;
  /** The interfaces towards each end: its host, and the fresh stack that is there after a reboot, where one is planned. */
  devices: [WireDevices, WireDevices];
  /** Whose addresses its ICMP errors come from. */
  router: { ipv4: string; ipv6: string };
  /** How much of each frame is told. */
  keepBytes: number;
}

export interface WireDevices extends HostAddresses {
  device: string;
  spare: string | null;
}

/** Of a host at an end of the link. `ethernet` is six bytes in hexadecimal with colons. */
export interface HostAddresses {
  ethernet: string;
  ipv4: string;
  ipv6: string;
}

/** Something done to a wire. */
export type WireAct = { cut: boolean } | { side: 0 | 1; become: HostBecomes };

/** To a wire. An intervention may do something to it; its name is told in any case. */
export type WireCommand =
  | { kind: "order"; order: WireOrder }
  | { kind: "intervention"; name: string; act: WireAct | null }
  | { kind: "finish" };

/** What a wire counted, from its start to its end. */
export type WireSummary = Pick<
  WireSample,
  "frames" | "malformed" | "lostFrames" | "untoldSegments" | "rules" | "unfinished"
>;

/** From a wire. `did` answers an intervention: from then on it is in force. What its log tells comes by a channel of its own. */
export type WireMessage =
  | { kind: "ready" }
  | { kind: "did"; name: string }
  | { kind: "finished"; summary: WireSummary }
  | { kind: "failed"; because: string };
