/** What `--help` says of this engine besides. */
export const NOTES = `
A closed loop over kept connections, as a reference: the connections, the parser and the clock are autocannon's. Its times count from
when a request was given to the socket, that of a new connection included; it has no first bytes, and does not know who ended a
connection: both are null. What it would not tell is told: requests that a FIN left without an answer are \`response truncated\`, and
those under way at the end are waited for. It does not see an answer that is none, which ends in \`response timeout\`, nor one that
only the connection's end ends, which is \`response truncated\` here.
`;
