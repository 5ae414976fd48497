// A router in front of a server. It forwards the clients' connections with its own address and one of a few ports.
//
// On the wire: for the server, all clients have the router's address, and one of these ports. It needs nft(8), and the capability
// NET_ADMIN in its network namespace.

import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "203.0.113.2" },
    port: { type: "string", default: "8080" },
    ports: { type: "string", default: "40000-40045" },
  },
});

const rules = `
table ip nat {
  chain before {
    type nat hook prerouting priority -100
    tcp dport ${values.port} dnat to ${values.to}
  }
  chain after {
    type nat hook postrouting priority 100
    ip daddr ${values.to} tcp dport ${values.port} masquerade to :${values.ports}
  }
}
`;

// An ordinary user's PATH often lacks the folders of system programs.
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
const nft = spawnSync("nft", ["-f", "-"], { input: rules, encoding: "utf8", env: { PATH } });
if (nft.error !== undefined || nft.status !== 0) {
  console.error(
    nft.error === undefined
      ? `nft(8) could not set up the router: ${nft.stderr.trim()}`
      : `nft cannot be run: ${nft.error.message}; to install it: sudo apt-get install nftables`,
  );
  process.exit(1);
}

// This listener only shows that the rules are set: the clients' connections do not reach it.
const sign = createServer((socket) => socket.destroy());
sign.listen(Number(values.port), () => console.log(`ready ${values.port}`));
process.once("SIGTERM", () => process.exit(0));
