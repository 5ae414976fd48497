import { installPackages, isThere } from "../../scripts/debian/packages.ts";

/** A command that the test of the labs calls, and its Debian package. */
const NEEDED = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["docker-compose", "docker-compose"],
  ["debootstrap", "debootstrap"],
  // The host is looked at, before and after.
  ["nft", "nftables"],
] as const;

/** Installs what is not there from Debian. Throws a sentence when that cannot be. */
export function installMissing(): void {
  installPackages(NEEDED.filter(([command]) => !isThere(command)).map(([, name]) => name));
}
