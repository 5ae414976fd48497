import { spawnSync } from "node:child_process";

/** Where packages come from: an address, and a suite. */
export interface Mirror {
  uri: string;
  suite: string;
}

/** Where this machine's Debian comes from, as apt knows it. Throws a sentence when apt knows none. */
export function debianMirror(): Mirror {
  const format = "$(REPO_URI) $(CODENAME) $(COMPONENT)";
  const said = spawnSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  const suite = spawnSync("sh", ["-c", '. /etc/os-release && echo "$VERSION_CODENAME"'], {
    encoding: "utf8",
  }).stdout.trim();
  const line = said.stdout?.split("\n").find((one) => one.endsWith(` ${suite} main`));
  const uri = line?.split(" ")[0];
  if (uri === undefined) throw new Error(`apt has no source of ${suite} main, of which a base could be made`);
  return { uri, suite };
}
