import { Duplex } from "node:stream";
import { Client } from "undici";

/** How often: the parser is compiled for the first, and what runs often is compiled for the last of them. */
const REQUESTS = 100;
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/**
 * Makes requests that no network sees. undici compiles its parser for the first connection, which takes 10 ms and more; during a load
 * that would be measured.
 */
export async function rehearse(): Promise<void> {
  const client = new Client("http://127.0.0.1:9", {
    connect: (_options, callback) => queueMicrotask(() => callback(null, new Mirror() as never)),
  });
  for (let request = 0; request < REQUESTS; request += 1) {
    const { body } = await client.request({ method: "GET", path: "/" });
    await body.dump();
  }
  await client.destroy();
}

/** Answers whatever is written to it. */
class Mirror extends Duplex {
  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    setImmediate(() => this.push(ANSWER));
    done();
  }
}
