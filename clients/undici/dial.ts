import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SecureContext } from "node:tls";
import type { Stage, Told } from "./trouble.ts";

/** How the connections of a run are opened. */
export interface Line {
  address: string;
  port: number;
  /** null: TCP alone. */
  tls: { servername: string; insecure: boolean; context: SecureContext } | null;
}

/** Who is told how an opening goes. */
export interface Dialling {
  /** TCP's handshake is over; over TLS its own follows. */
  onConnected(): void;
  /** The connection is there, TLS included: the socket to speak over. */
  onOpen(socket: Socket): void;
  onFailed(stage: Stage, error: Told): void;
}

/**
 * Opens a connection: TCP, and over it TLS 1.2 or later with a whole handshake, for no session is resumed. Returns the TCP socket,
 * which has the descriptor.
 */
export function dial({ address, port, tls }: Line, dialling: Dialling): Socket {
  const tcp = connect({ host: address, port, noDelay: true });
  const failed = (error: Told): void => dialling.onFailed("connecting", error);
  tcp.once("error", failed);
  tcp.once("connect", () => {
    tcp.off("error", failed);
    dialling.onConnected();
    if (tls === null) return dialling.onOpen(tcp);
    const { servername, insecure, context } = tls;
    const secure = connectTls({
      socket: tcp,
      servername,
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
