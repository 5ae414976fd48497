/** The part of autocannon 8 that is used here; the package has no types. Members of a client that are not in its manual are marked. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";
  import type { Socket } from "node:net";

  export interface Options {
    url: string;
    connections: number;
    /** Seconds. With `forever`, the run then starts again, until it is stopped. */
    duration: number;
    /** Milliseconds between two checks whether to stop. */
    sampleInt: number;
    method: string;
    headers: Record<string, string>;
    forever: true;
    skipAggregateResult: true;
    setupClient: (client: CannonClient) => void;
  }

  /**
   * One connection at a time: when it ends, the client opens another. Events: `response` (status, bytes, milliseconds), `connError`,
   * `timeout`.
   */
  export interface CannonClient extends EventEmitter {
    destroy(): void;
    /** Not in the manual: connects, and sends the first request. */
    _connect: () => void;
    /** Not in the manual: sends a request. */
    _doRequest: () => void;
    /** Not in the manual. Milliseconds: how long a request may wait for an answer. */
    timeout: number;
    /** Not in the manual. */
    conn: Socket;
    parser: { type: string; initialize(type: string): void };
    pipelinedRequests: { clear(): void };
  }

  export default function autocannon(options: Options): EventEmitter & { stop(): void };
}
