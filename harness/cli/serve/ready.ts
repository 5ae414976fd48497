const READY = /^ready (\d{1,5})$/;

/**
 * Calls `then` with the port, once, when this process prints `ready <port>`, as every server of lastack does with console.log as soon as it
 * listens. What `then` prints comes before that line.
 */
export function whenReady(then: (port: string) => void): void {
  const { log } = console;
  console.log = (...words: unknown[]) => {
    const [, port] = READY.exec(String(words[0])) ?? [];
    if (port !== undefined) {
      console.log = log;
      then(port);
    }
    log(...words);
  };
}
