// An HTTP/1.1 server that refuses the first `--refusals` connections: it is still starting.
//
// Nobody listens on the port at first, so the kernel answers each SYN with RST. The program counts these (TcpOutRsts of its network
// namespace), and listens when there were enough. So it belongs into a namespace of its own, as in a lab. Meanwhile it listens on the port
// above, and that is the one of its line `ready`.
// On the wire: SYN, RST, so many times; then as usual.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    refusals: { type: "string", default: "3" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const ASK_EVERY_MS = 5;

/** The segments with RST that this namespace has sent, by the columns of /proc/net/snmp. */
function resetsSent(): number {
  const [names = [], numbers = []] = readFileSync("/proc/self/net/snmp", "latin1")
    .split("\n")
    .filter((line) => line.startsWith("Tcp:"))
    .map((line) => line.split(" "));
  return Number(numbers[names.indexOf("OutRsts")]);
}

const server = createServer((request, response) => {
  request.resume().once("end", () => response.end("an answer, at last\n"));
});
const placeholder = createTcpServer((socket) => socket.destroy());
const before = resetsSent();

function listenWhenRefused(): void {
  const refused = resetsSent() - before;
  if (refused < Number(values.refusals)) {
    setTimeout(listenWhenRefused, ASK_EVERY_MS);
    return;
  }
  console.log(
    JSON.stringify({
      kind: "misbehaviour",
      monotonicUs: nowUs(),
      did: `refused ${refused} connections, and listened then`,
    }),
  );
  server.listen({ port: Number(values.port), host: values.host });
}

placeholder.listen({ port: Number(values.port) + 1, host: values.host }, () => {
  console.log(`ready ${(placeholder.address() as AddressInfo).port}`);
  listenWhenRefused();
});
process.once("SIGTERM", () => process.exit(0));
