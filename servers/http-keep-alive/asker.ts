// A client that sends four kinds of requests, each on its own connection, and reports how each connection ends.
//
// The kinds: HTTP/1.1 without a Connection header, HTTP/1.1 with `Connection: close`, HTTP/1.0 without a Connection header, and HTTP/1.0
// with `Connection: keep-alive`. The client never closes first. If the connection is still open 300 ms after the answer, it sends a
// second request, and then waits for the server's FIN for at most `--wait-ms`.

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    "wait-ms": { type: "string", default: "8000" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

interface Answer {
  version: string;
  header: (name: string) => string;
}

/** The first complete answer in the received text, and the text after it; null while it is not complete. */
function answerIn(text: string): { answer: Answer; rest: string } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [status = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.toLowerCase(), value.join(":").trim()] as const;
    }),
  );
  const header = (name: string): string => headers.get(name) ?? "";
  const whole = end + 4 + Number(header("content-length"));
  if (text.length < whole) return null;
  return { answer: { version: status.split(" ")[0] ?? "", header }, rest: text.slice(whole) };
}

/** Sends a request, sends another if the connection is still open, and waits for the server's FIN. */
async function ask(version: string, connection: string): Promise<void> {
  const socket = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
  const request = [
    `GET / HTTP/${version}`,
    `Host: ${host}`,
    ...(connection === "" ? [] : [`Connection: ${connection}`]),
  ];
  let text = "";
  let first: Answer | null = null;
  let answers = 0;
  let lastUs = nowUs();
  let endedUs: number | null = null;
  let trouble = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (let found = answerIn(text); found !== null; found = answerIn(text)) {
      first ??= found.answer;
      answers += 1;
      lastUs = nowUs();
      text = found.rest;
    }
  });
  socket.once("end", () => {
    endedUs = nowUs();
  });
  socket.once("error", ({ code = "unknown" }: NodeJS.ErrnoException) => {
    trouble = code;
  });
  const ended = (): boolean => endedUs !== null || trouble !== "";
  const until = async (done: () => boolean, withinMs: number): Promise<void> => {
    const limitUs = nowUs() + withinMs * 1000;
    while (!done() && nowUs() < limitUs) await sleep(20);
  };
  socket.write(`${request.join("\r\n")}\r\n\r\n`);
  await until(() => answers > 0 || ended(), Number(values["wait-ms"]));
  await until(ended, 300);
  if (!ended()) socket.write(`${request.join("\r\n")}\r\n\r\n`);
  await until(ended, Number(values["wait-ms"]));
  const { version: spoken = "", header = () => "" } = (first as Answer | null) ?? {};
  const endedMs = endedUs === null ? null : (endedUs - lastUs) / 1000;
  const asked = connection === "" ? `HTTP/${version}` : `HTTP/${version}, ${connection}`;
  const told = { answered: spoken, connection: header("connection"), keepAlive: header("keep-alive") };
  console.log(
    JSON.stringify({ kind: "kept", monotonicUs: nowUs(), asked, ...told, answers, endedMs, trouble }),
  );
  socket.destroy();
}

process.once("SIGTERM", () => process.exit(0));
void Promise.all([ask("1.1", ""), ask("1.1", "close"), ask("1.0", ""), ask("1.0", "keep-alive")]);
