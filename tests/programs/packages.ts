/** The programs that tests call and that a machine may lack, with their Debian packages. No other file lists them. */
export const PACKAGES = {
  capinfos: "wireshark-common",
  cc: "build-essential",
  curl: "curl",
  haproxy: "haproxy",
  ip: "iproute2",
  lighttpd: "lighttpd",
  netstat: "net-tools",
  nft: "nftables",
  nginx: "nginx-light",
  nstat: "iproute2",
  openssl: "openssl",
  python3: "python3",
  ss: "iproute2",
  strace: "strace",
  tcpdump: "tcpdump",
  tshark: "tshark",
} as const;

export type NeededProgram = keyof typeof PACKAGES;

/** All of them, in the order of the table. */
export const PROGRAMS = Object.keys(PACKAGES) as NeededProgram[];

/** The command that installs a program. */
export function installs(program: NeededProgram): string {
  return `sudo apt-get install ${PACKAGES[program]}`;
}
