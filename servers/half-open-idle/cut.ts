// Cuts its own host off from all others when its clients are connected, like a pulled cable.
//
// On the wire: nothing from then on. Neither FIN nor RST can leave, so the other ends receive no sign of it.
// `--connections`: it waits until this many connections are ESTABLISHED. It needs the capability NET_ADMIN.
// Uses harness/kernel, because Node has no API to set an interface down.

import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { parseArgs } from "node:util";
import { changeLinks } from "../../harness/kernel/rtnetlink/change.ts";
import { setLink } from "../../harness/kernel/rtnetlink/link.ts";

const { values } = parseArgs({ options: { connections: { type: "string", default: "1" } } });
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** Counts the rows of /proc/net/tcp whose fourth field, the state, is 01: ESTABLISHED (proc_net_tcp in the kernel's documentation). */
function established(): number {
  const rows = readFileSync("/proc/self/net/tcp", "latin1").split("\n");
  return rows.filter((row) => row.trim().split(/\s+/)[3] === "01").length;
}

function cutWhenConnected(): void {
  if (established() < Number(values.connections)) {
    setTimeout(cutWhenConnected, 20);
    return;
  }
  const devices = Object.keys(networkInterfaces()).filter((device) => device !== "lo");
  changeLinks(devices.map((device) => setLink(device, "down")));
  console.log(JSON.stringify({ kind: "cut", monotonicUs: nowUs(), devices: devices.join(" ") }));
}

process.once("SIGTERM", () => process.exit(0));
cutWhenConnected();
