import { writeFileSync } from "node:fs";
import { release } from "node:os";
import type { PacketSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import { wireComment } from "../wire/comment.ts";
import { type CapturedFrame, enhancedPacket, interfaceDescription, sectionHeader } from "../wire/pcapng.ts";

/** A segment as it arrived at a wire: its sample and its frame. */
export interface CapturedSegment {
  sample: PacketSample;
  bytes: Uint8Array;
  frameBytes: number;
}

/** Keeps the frames of a trial's wires until its end, and then writes a file for tcpdump, tshark and Wireshark. */
export class Capture {
  readonly #path: string;
  readonly #comment: string;
  readonly #originUnixUs: number;
  readonly #wires: [HostName, HostName][];
  readonly #segments: CapturedSegment[] = [];

  /** `comment` is the file's comment, `originUnixUs` the trial's origin since 1970, `wires` the ends of each wire in the setup's order. */
  constructor(path: string, comment: string, originUnixUs: number, wires: [HostName, HostName][]) {
    this.#path = path;
    this.#comment = comment;
    this.#originUnixUs = originUnixUs;
    this.#wires = wires;
  }

  add(segment: CapturedSegment): void {
    this.#segments.push(segment);
  }

  /** Writes all frames in the order of their arrival. Throws the file system's error. */
  write(): void {
    const frames = this.#segments
      .toSorted((a, b) => a.sample.atUs - b.sample.atUs)
      .map((segment) => enhancedPacket(this.#frame(segment)));
    writeFileSync(
      this.#path,
      Buffer.concat([
        sectionHeader({ application: "lastack", os: `Linux ${release()}`, comment: this.#comment }),
        ...this.#wires.flatMap((ends, nth) =>
          ends.map((host) =>
            interfaceDescription({ name: host, description: `what ${host} sent, wire ${nth}` }),
          ),
        ),
        ...frames,
      ]),
    );
  }

  #frame({ sample, bytes, frameBytes }: CapturedSegment): CapturedFrame {
    return {
      interface: 2 * sample.link + (this.#wires[sample.link]?.indexOf(sample.from) ?? 0),
      unixUs: this.#originUnixUs + sample.atUs,
      bytes,
      frameBytes,
      comment: wireComment(sample),
    };
  }
}
