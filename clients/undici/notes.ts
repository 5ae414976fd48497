/** What `--help` says of this engine besides. */
export const NOTES = `
undici makes the requests and reads the responses; connections are opened and closed here, one Client for each.
connectMs and the \`connect\` histogram end with the handshake, over TLS with that of TLS. A TLS handshake that fails is
\`connect CODE\`, such as \`connect DEPTH_ZERO_SELF_SIGNED_CERT\`, or \`connect truncated\` when a FIN cut it off. With
--requests-per-connection 1 connections are short. --close server asks for it with \`Connection: close\`; undici then closes
too as soon as the response is whole, and does not wait for the server's FIN: endedBy says whose came first. A Keep-Alive hint
is not heeded. Bytes after a response are noticed before the next request on the connection only, and are no failure: the
connection is left. Attempts begin up to a millisecond or so late, and as much later as longestLagMs says.
`;
