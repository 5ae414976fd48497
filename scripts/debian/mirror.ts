import { spawnSync } from "node:child_process";

/** A source of packages: an address, and a suite. */
export interface Mirror {
  uri: string;
  suite: string;
}

/** The source of this machine's Debian packages, from apt's configuration. Throws an Error with a sentence when apt has none. */
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
  if (uri === undefined) throw new Error(`apt has no source of ${suite} main to make a base from`);
  return { uri, suite };
}
