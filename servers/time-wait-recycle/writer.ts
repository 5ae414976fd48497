// Writes 1 to net.ipv4.tcp_tw_recycle of its own network namespace, as many pages about TIME-WAIT advise, and prints the result.
//
// On the wire: nothing. It listens only to show that it has finished.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "8081" } } });

const name = "net.ipv4.tcp_tw_recycle";
const path = `/proc/sys/${name.replaceAll(".", "/")}`;

/** The value after the write, or the name of the errno. */
function written(): string {
  try {
    writeFileSync(path, "1", { flag: "r+" });
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const monotonicUs = Number(process.hrtime.bigint() / 1000n);
console.log(JSON.stringify({ kind: "sysctl", monotonicUs, name, wanted: "1", result: written() }));

const server = createServer((socket) => socket.destroy());
server.listen(Number(values.port), () => console.log(`ready ${(server.address() as AddressInfo).port}`));
process.once("SIGTERM", () => process.exit(0));
