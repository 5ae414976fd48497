import type { CheckedServer } from "../model/probe.ts";
import type { CheckOrder } from "./order.ts";

/** The request that leaves the connection open, and the last one, as texts of steps of clients/dialogue. */
export function requestsOf(
  request: CheckOrder["request"],
  port: number,
): Pick<CheckedServer, "request" | "lastRequest"> {
  if ("raw" in request) return { request: request.raw, lastRequest: request.raw };
  const head = `${request.http} HTTP/1.1\\r\\nHost: server:${port}\\r\\nUser-Agent: lastack\\r\\n`;
  return { request: `${head}\\r\\n`, lastRequest: `${head}Connection: close\\r\\n\\r\\n` };
}
