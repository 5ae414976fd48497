// A client that reads documents over TLS, and checks that each has the length that its first line says.
//
// What is right: the length is inside of TLS, so nobody on the way can change it, and a document that is too short is recognised.
// On the wire: the same as with a client that does not check.

import { connect } from "node:tls";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "23" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const cut = { phase: "response", code: "truncated", call: "recv" };

function load(attempt: number): void {
  const monotonicUs = nowUs();
  const report = (outcome: "ok" | object): void => {
    const line = { kind: "attempt", monotonicUs, attempt, connection: attempt, localPort: null };
    const times = { connectMs: null, firstByteMs: null, totalMs: (nowUs() - monotonicUs) / 1000 };
    console.log(JSON.stringify({ ...line, ...times, outcome }));
  };
  const socket = connect({
    host,
    port: Number(port),
    maxVersion: "TLSv1.2",
    ciphers: "PSK",
    pskCallback: () => ({ identity: "reader", psk: Buffer.alloc(16, "a secret") }),
    checkServerIdentity: () => undefined,
  });
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (part) => (text += String(part)));
  socket.on("end", () => {
    const document = text.slice(text.indexOf("\n") + 1);
    report(document.length === Number.parseInt(text, 10) ? "ok" : cut); // the fix
    console.log(JSON.stringify({ kind: "document", monotonicUs: nowUs(), bytes: document.length }));
  });
  socket.on("error", ({ code = "unexpected" }: NodeJS.ErrnoException) => report({ ...cut, code }));
}

for (let attempt = 1; attempt <= Number(values.connections); attempt += 1) load(attempt);
process.once("SIGTERM", () => process.exit(0));
