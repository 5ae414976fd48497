import { installPackages, isThere } from "../../scripts/debian/packages.ts";

/** Commands that the test of the labs calls, with their Debian packages. */
const NEEDED = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["docker-compose", "docker-compose"],
  ["debootstrap", "debootstrap"],
  // For reading the host's state before and after.
  ["nft", "nftables"],
] as const;

/** Installs the missing Debian packages. Throws a sentence when that fails. */
export function installMissing(): void {
  installPackages(NEEDED.filter(([command]) => !isThere(command)).map(([, name]) => name));
}
