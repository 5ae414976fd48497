import { expect, test } from "vitest";
import { npmAccess } from "./npm.ts";

const NOWHERE = { userconfig: "/u/.npmrc", globalconfig: "/g/npmrc", cafile: "" };

test("npm gets its options and proxies in the root, but no path of this machine", () => {
  const env = {
    npm_config_registry: "https://registry.example/",
    NPM_CONFIG_STRICT_SSL: "true",
    https_proxy: "http://proxy.example:3128",
    NO_PROXY: "localhost",
    npm_config_cache: "/somewhere",
    npm_config_userconfig: "/u/.npmrc",
    "npm_config_init-module": "/somewhere",
    npm_package_name: "lastack",
    CI: "true",
    HOME: "/root",
  };
  expect(npmAccess(env, NOWHERE)).toEqual({
    env: {
      npm_config_registry: "https://registry.example/",
      NPM_CONFIG_STRICT_SSL: "true",
      https_proxy: "http://proxy.example:3128",
      NO_PROXY: "localhost",
    },
    files: [
      ["/u/.npmrc", "~/.npmrc"],
      ["/g/npmrc", "/usr/local/etc/npmrc"],
    ],
  });
});

test("certificates are copied to a folder that every user may read, and the environment names the copies", () => {
  const access = npmAccess({ NODE_EXTRA_CA_CERTS: "/root/a.pem" }, { ...NOWHERE, cafile: "/root/b.pem" });
  const [extra = "", cafile = ""] = access.files.slice(2).map(([, to]) => to);
  expect(access.files.slice(2)).toEqual([
    ["/root/a.pem", extra],
    ["/root/b.pem", cafile],
  ]);
  expect(access.env).toEqual({ NODE_EXTRA_CA_CERTS: extra, npm_config_cafile: cafile });
});
