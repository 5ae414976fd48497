import { spawn } from "node:child_process";
import { inside } from "../../../harness/kernel/namespace.ts";
import { PacketSocket } from "../../../harness/kernel/packet.ts";
import { endWaitsOnTime, Poll } from "../../../harness/kernel/poll.ts";
import { becomeUrgent } from "../../../harness/kernel/urgency.ts";
import { stretch, unansweredFrame } from "./stretch.ts";

const FRAMES = 3_000;
const EVERY_US = 1_300;
/** The offset of the payload in a frame of TCP over IPv4 without options: 14 + 20 + 20. */
const PAYLOAD = 54;

/** The error in the delay of each of many frames, in microseconds, while another process keeps a core busy. No frame may be lost. */
export async function delayErrorsUs(delayMs: number): Promise<number[]> {
  const { world, finish } = await stretch(delayMs);
  const { client, server } = Object.fromEntries(world.hosts);
  const near = inside(client!.namespace, () => new PacketSocket("link0", 64));
  const far = inside(server!.namespace, () => new PacketSocket("link0", 256));
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  try {
    return await exchange(near, far, delayMs * 1000);
  } finally {
    busy.kill("SIGKILL");
    near.close();
    far.close();
    await finish();
  }
}

async function exchange(near: PacketSocket, far: PacketSocket, delayUs: number): Promise<number[]> {
  endWaitsOnTime();
  becomeUrgent();
  const poll = new Poll([far.fd]);
  const sentUs: number[] = [];
  const errors: number[] = [];
  const clockUs = (): number => performance.now() * 1000;
  const beganUs = clockUs();
  const lastUs = beganUs + FRAMES * EVERY_US + 5 * delayUs;
  while (errors.length < FRAMES) {
    const nowUs = clockUs();
    if (nowUs > lastUs) throw new Error(`${FRAMES - errors.length} of ${FRAMES} frames did not arrive`);
    while (far.next()) {
      const view = new DataView(far.bytes.buffer, far.bytes.byteOffset, far.length);
      const isOurs = far.length === PAYLOAD + 4 && view.getUint16(12) === 0x0800;
      if (isOurs) errors.push(Math.abs(clockUs() - sentUs[view.getUint32(PAYLOAD)]! - delayUs));
      far.done();
    }
    const nextUs = beganUs + sentUs.length * EVERY_US;
    if (sentUs.length < FRAMES && nowUs >= nextUs) {
      const number = new Uint8Array(4);
      new DataView(number.buffer).setUint32(0, sentUs.length);
      const frame = unansweredFrame(number);
      sentUs.push(clockUs());
      near.send(frame, frame.length);
      // Lets this process read the wire's log meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    poll.wait(sentUs.length < FRAMES ? Math.max(0, nextUs - clockUs()) : 10_000);
  }
  return errors;
}
