/** What `--help` adds about this engine. */
export const NOTES = `
A closed loop over kept connections, as a reference: the connections, the parser and the clock are autocannon's. Its times count from
when a request was given to the socket, and include the time to open a new connection. autocannon reports neither first bytes nor
which side ended a connection: both are null. It would not report some requests, but this program does: a request that a FIN left
without an answer is \`response empty\`, and at the end the program waits for the requests under way. autocannon does not notice
bytes that are no HTTP answer: such a request ends as \`response timeout\`. An answer that ends only with the connection is
\`response truncated\` here.
`;
