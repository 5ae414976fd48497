// A correct HTTPS server, for short and for long connections: HTTP/1.1 over TLS 1.3 or 1.2.
//
// On the wire: as with http-server.ts, and a TLS handshake after TCP's. In TLS 1.3, that is one more round trip before the first
// request, and two session tickets after it. Each end sends close_notify before its FIN.

import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

// This key is public, because it is in the source code. Use it for laboratories only. P-256, self-signed, for localhost, 127.0.0.1
// and ::1, valid from 2026 to 2126; made with openssl ecparam, req and ca.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdXx3F41AgCRYiQy2
BeS50ybwjZYpYCj0T7jFbLNBgK2hRANCAAT/kBT+mg9qWSnwPHBNq59IqZxVNYc1
xdgKskc0kKdHBYTs27etB+ra0FmgoaoOQLXf+Em/xoEek+YoaE2bNwb6
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBnTCCAUOgAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJsYXN0YWNr
IGxhYm9yYXRvcnkwIBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmxhc3RhY2sgbGFib3JhdG9yeTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABP+QFP6aD2pZKfA8cE2rn0ipnFU1hzXF2AqyRzSQp0cFhOzbt60H6trQ
WaChqg5Atd/4Sb/GgR6T5ihoTZs3BvqjcjBwMCwGA1UdEQQlMCOCCWxvY2FsaG9z
dIcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAMBgNVHRMBAf8EAjAAMBMGA1UdJQQM
MAoGCCsGAQUFBwMBMB0GA1UdDgQWBBQ3TN99lYiAPltkTCoqnT/ky1Rr8jAKBggq
hkjOPQQDAgNIADBFAiEA5FV5VzrmSp6AoyNKqZW8OdQt5LSeVbC/2Ve4Df2IbWQC
ID1CkbeDRe2XHJ9KqmZO/l3JLdqw9vdf8DJ2VFYH1Z2Q
-----END CERTIFICATE-----
`;

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const body = "hello\n";
const server = createServer({ key, cert, keepAliveTimeout: 75_000, noDelay: true }, (request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
  response.end(body);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
