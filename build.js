// Bundles the rooms into dist/: one entry per process or side, shared code in chunks beside them.
// `node build.js` builds all of it anew; `node build.js cli` refreshes the command line only.
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { kernelForEsbuild } from "./build-kernel.js";

const common = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: true,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
};

/** The daemon starts once and runs for weeks: its packages stay where npm put them. */
const daemonSide = {
  ...common,
  entryPoints: {
    daemon: "src/daemon/main.ts",
    offline: "src/daemon/offline/main.ts",
    index: "src/daemon/index.ts",
    "driver-process": "src/daemon/device/driver-process.ts",
    "prepare-worker": "src/daemon/jobs/prepare-worker.ts",
    "wait-bar-thread": "src/daemon/offline/wait-bar-thread.ts",
  },
  packages: "external",
  chunkNames: "chunk-[hash]",
  plugins: [kernelForEsbuild()],
};

/** The command line starts at every key stroke: one file a command with its packages inside loads several times faster. */
const cliSide = {
  ...common,
  entryPoints: { cli: "src/tui/main.ts" },
  chunkNames: "cli-[name]-[hash]",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  // Packages in CommonJS ask for Node's own modules with `require`, which an ES module has to make itself.
  banner: {
    js: 'import{createRequire as plottyRequire}from"node:module";const require=plottyRequire(import.meta.url);',
  },
  define: {
    ...common.define,
    "process.env.WS_NO_BUFFER_UTIL": '"1"',
    "process.env.WS_NO_UTF_8_VALIDATE": '"1"',
  },
  plugins: [replaceModule("react-devtools-core", "{}"), replaceModule("is-in-ci", "false"), hideFetch()],
};

/**
 * Yoga, Ink's layout, reads its own bytes from a data URL with the global `fetch` where there is one. Loading that takes
 * longer than all of Ink's first frame; without it Yoga decodes the bytes itself.
 */
function hideFetch() {
  return {
    name: "hide-fetch",
    setup(bundler) {
      bundler.onLoad({ filter: /yoga-layout\/dist\/binaries\/.*\.js$/ }, async ({ path }) => ({
        contents: `const fetch = undefined;\n${await readFile(path, "utf8")}`,
      }));
    },
  };
}

/**
 * Puts a value in a module's place. Ink imports its developer tools, which production never runs, and is silent until
 * its end where `CI` is set, though a terminal is a terminal there too.
 */
function replaceModule(name, value) {
  return {
    name: `replace-${name}`,
    setup(bundler) {
      bundler.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: "replaced" }));
      bundler.onLoad({ filter: new RegExp(`^${name}$`), namespace: "replaced" }, () => ({
        contents: `export default ${value};`,
      }));
    },
  };
}

/** Of former builds: their chunks have other names. */
async function removeFiles(directory, pattern) {
  await mkdir(directory, { recursive: true });
  const names = (await readdir(directory)).filter((name) => pattern.test(name));
  await Promise.all(names.map((name) => rm(join(directory, name))));
}

if (process.argv[2] === "cli") {
  await removeFiles("dist", /^cli/);
  await build({ ...cliSide, outdir: "dist" });
} else {
  // Built beside and swapped in, so that a failed build leaves the working one and nobody loads half of two.
  const fresh = `dist.${process.pid}`;
  try {
    await mkdir(fresh, { recursive: true });
    await build({ ...daemonSide, outdir: fresh });
    await build({ ...cliSide, outdir: fresh });
    await rm("dist", { recursive: true, force: true });
    await rename(fresh, "dist");
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
