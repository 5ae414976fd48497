// Sends one request on each connection, reads the whole answer, and then waits, to find out which end closes first.
//
// On the wire: one request and its answer. If the server's FIN comes within `--patience-ms`, the client answers it with a FIN.
// Otherwise the client sends its FIN first.

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", multiple: true, default: ["127.0.0.1:8080"] },
    version: { type: "string", default: "1.1" },
    connection: { type: "string" },
    connections: { type: "string", default: "1" },
    "patience-ms": { type: "string", default: "500" },
  },
});
/** The time between two connections to one server. They are spread out, because Python's queue of connections holds only five. */
const APART_MS = 20;

const request = [
  `GET / HTTP/${values.version}`,
  "Host: laboratory",
  ...(values.connection === undefined ? [] : [`Connection: ${values.connection}`]),
  "\r\n",
].join("\r\n");

/** The version and the Connection header of an answer; null until the answer is complete. */
function whole(text: string): { version: string; connection: string } | null {
  const end = text.indexOf("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(text)?.[1];
  if (end < 0 || length === undefined || text.length < end + 4 + Number(length)) return null;
  return {
    version: /^HTTP\/(\S+)/.exec(text)?.[1] ?? "",
    connection: /^connection: (.+)$/im.exec(text.slice(0, end))?.[1]?.trim() ?? "",
  };
}

function ask(host: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true }, () => socket.write(request));
    let text = "";
    let answer: ReturnType<typeof whole> = null;
    let answeredMs = 0;
    let patience: NodeJS.Timeout | undefined;
    const close = (first: "server" | "client"): void => {
      clearTimeout(patience);
      socket.end();
      const waitedMs = answer === null ? null : performance.now() - answeredMs;
      tell({ kind: "closed", port, first, waitedMs, ...(answer ?? { version: "", connection: "" }) });
    };
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
      if (answer !== null) return;
      answer = whole(text);
      if (answer === null) return;
      answeredMs = performance.now();
      patience = setTimeout(() => close("client"), Number(values["patience-ms"]));
    });
    socket.on("end", () => socket.writable && close("server"));
    socket.on("error", (error) => {
      clearTimeout(patience);
      tell({ kind: "failed", port, error: error.message });
    });
    socket.on("close", () => resolve());
  });
}

function tell(report: Record<string, string | number | null>): void {
  console.log(JSON.stringify({ monotonicUs: Number(process.hrtime.bigint() / 1000n), ...report }));
}

const asked = values.to.map(async (to) => {
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(to) ?? [];
  const all: Promise<void>[] = [];
  for (let nth = 0; nth < Number(values.connections); nth += 1) {
    all.push(ask(host, Number(port)));
    await sleep(APART_MS);
  }
  await Promise.all(all);
});
await Promise.all(asked);
