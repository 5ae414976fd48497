import { Duplex } from "node:stream";
import { Client } from "undici";

/** Enough requests: the parser is compiled during the first, and frequently used code before the last. */
const REQUESTS = 100;
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/**
 * Makes requests without a network. undici compiles its parser for the first connection, which takes 10 ms or more. During a load this
 * time would be measured.
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

/** Answers everything that is written to it. */
class Mirror extends Duplex {
  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    setImmediate(() => this.push(ANSWER));
    done();
  }
}
