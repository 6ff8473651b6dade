// Runs after npm has installed. `npm i -g .` only links this folder and installs nothing into it, so in a fresh clone
// the packages come first; `npm ci` then calls this script again.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

if (existsSync(new URL("node_modules/esbuild", import.meta.url))) {
  await import("./build.js");
} else {
  const isOwn = ([name]) => !/^npm_config_(global|prefix|location|local_prefix)$/i.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(isOwn));
  const { status, error } = spawnSync("npm", ["ci"], {
    stdio: "inherit",
    env,
    shell: process.platform === "win32",
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
