/** What `--help` adds about this engine. */
export const NOTES = `
undici makes the requests and reads the responses; this program opens and closes the connections, with one Client for each.
connectMs and the \`connect\` histogram end with the handshake, over TLS with the handshake of TLS. A failed TLS handshake is
\`tls CODE\`, such as \`tls DEPTH_ZERO_SELF_SIGNED_CERT\`, or \`tls truncated\` when a FIN cut it off. With
--requests-per-connection 1, connections are short. --close server asks the server to close with \`Connection: close\`.
undici then closes too, as soon as the response is whole, and does not wait for the server's FIN; endedBy shows whose FIN
came first. A Keep-Alive hint is ignored. Bytes after a response are noticed only before the next request on the
connection. They are no failure: the connection is not used again. Attempts begin up to about a millisecond late, plus the
lag that longestLagMs shows.
`;
