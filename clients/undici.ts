import { createSecureContext } from "node:tls";
import { fieldOf, REQUEST_FLAGS, readRequest } from "./raw/http.ts";
import { drive } from "./load/drive.ts";
import { targetText } from "./load/options.ts";
import { once } from "./load/said.ts";
import { readCertificates } from "./undici/certificates.ts";
import { Engine } from "./undici/engine.ts";
import { NOTES } from "./undici/notes.ts";
import { rehearse } from "./undici/rehearsal.ts";

void drive({
  name: "undici",
  summary: "requests of HTTP/1.1 over undici, in the clear or over TLS",
  keepOpen: true,
  flags: [
    ...REQUEST_FLAGS,
    { flag: "tls", placeholder: null, meaning: "HTTPS: every connection makes a full TLS handshake" },
    {
      flag: "ca",
      placeholder: "FILE",
      meaning: "certificates in PEM to trust, instead of those that Node trusts",
    },
    { flag: "insecure", placeholder: null, meaning: "any certificate is accepted" },
  ],
  notes: NOTES,
  prepare(plan, said) {
    const secure = (said["tls"] ?? []).length > 0;
    const insecure = (said["insecure"] ?? []).length > 0;
    const ca = once(said, "ca");
    if (ca !== undefined && !secure) throw new Error("--ca needs --tls: without TLS there is no certificate");
    if (insecure && !secure) throw new Error("--insecure needs --tls: without TLS there is no certificate");
    const authority = targetText(plan.to);
    const { method, path, host, headers, body } = readRequest(said, authority);
    const tls = {
      host: host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""),
      insecure,
      context: createSecureContext({ ca: ca === undefined ? undefined : readCertificates(ca) }),
    };
    const target = {
      line: { ...plan.to, tls: secure ? tls : null },
      origin: `${secure ? "https" : "http"}://${authority}`,
      request: { method, path, body, headers: headers.flatMap(fieldOf) },
    };
    return async (part, share, listener) => {
      await rehearse();
      return new Engine(part, share, target, listener);
    };
  },
});
