import { connect, isIP } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SecureContext } from "node:tls";
import type { Stage, Told } from "./trouble.ts";

/** The server of a run, and how its connections are opened. */
export interface Line {
  address: string;
  port: number;
  /** null: TCP alone. `host`: the name or address that the certificate must be for. */
  tls: { host: string; insecure: boolean; context: SecureContext } | null;
}

/** Receives the events of an opening connection. */
export interface Dialling {
  /** The handshake of TCP is over. With TLS, the handshake of TLS follows. */
  onConnected(): void;
  /** The connection is open, TLS included. `socket` carries HTTP. */
  onOpen(socket: Socket): void;
  onFailed(stage: Stage, error: Told): void;
}

/**
 * Opens a connection: TCP, and over it TLS 1.2 or later. No session is resumed, so every TLS handshake is a full one. Returns the TCP
 * socket, which has the descriptor.
 */
export function dial({ address, port, tls }: Line, dialling: Dialling): Socket {
  const tcp = connect({ host: address, port, noDelay: true });
  const failed = (error: Told): void => dialling.onFailed("connecting", error);
  tcp.once("error", failed);
  tcp.once("connect", () => {
    tcp.off("error", failed);
    dialling.onConnected();
    if (tls === null) return dialling.onOpen(tcp);
    const { host, insecure, context } = tls;
    const secure = connectTls({
      socket: tcp,
      host,
      // Server Name Indication allows names, not addresses (RFC 6066 section 3).
      servername: isIP(host) > 0 ? "" : host,
      secureContext: context,
      rejectUnauthorized: !insecure,
      ALPNProtocols: ["http/1.1"],
    });
    const refused = (error: Told): void => dialling.onFailed("handshaking", error);
    secure.once("error", refused);
    secure.once("secureConnect", () => {
      secure.off("error", refused);
      dialling.onOpen(secure);
    });
  });
  return tcp;
}
