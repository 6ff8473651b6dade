#!/usr/bin/env node
// Picks a side by command and loads only that one: the monitor never loads serialport, the daemon never loads React.
import { existsSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

const SIDES = {
  daemon: "daemon",
  estimate: "offline",
  preview: "offline",
  plan: "offline",
  config: "offline",
  check: "offline",
  service: "offline",
};

const argv = process.argv.slice(2);
if (argv[0] === "--version" || argv[0] === "-V") {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  process.stdout.write(`${version}\n`);
} else {
  process.exitCode = await run(askedHelp(commandFirst(argv)));
}

/** `plotty --url URL list` is `plotty list --url URL`: what every command takes may stand before it too. */
function commandFirst(words) {
  const taken = [];
  let rest = words;
  while (/^--(url|api-key)(=|$)|^--no-color$/.test(rest[0] ?? "")) {
    const count = /^--(url|api-key)$/.test(rest[0]) ? 2 : 1;
    taken.push(...rest.slice(0, count));
    rest = rest.slice(count);
  }
  const end = rest.indexOf("--");
  return end === -1 ? [...rest, ...taken] : [...rest.slice(0, end), ...taken, ...rest.slice(end)];
}

/** `plotty help daemon` is `plotty daemon --help`, so that each side tells of its own commands. */
function askedHelp(words) {
  return words[0] === "help" && words[1] in SIDES ? [words[1], "--help"] : words;
}

/** Every side exports `main(argv)`, with the command as `argv[0]`, and answers with the exit code. */
async function run(words) {
  const side = sideOf(words);
  endQuietlyOnClosedPipe(side);
  if (side === "daemon") keepYoungHeapSmall();
  const room = new URL(`../dist/${side}.js`, import.meta.url);
  if (!existsSync(room)) {
    process.stderr.write(`plotty: this checkout has not been built: run "npm ci" or "npm run build" first\n`);
    return 1;
  }
  const { main } = await import(room.href);
  return main(words);
}

/**
 * V8 lets the space of its young objects grow to 32 MB while a thousand clients come at once, which are 24 KB of memory for each
 * of them instead of 7; events die young in a small one as well. Before anything is loaded, for loading makes it grow.
 */
function keepYoungHeapSmall() {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** What a shell asks about a command is answered by its side; the daemon's few words stand in the table of the others. */
function sideOf(words) {
  if (words[0] === "__complete" && words.length > 2 && SIDES[words[1]] === "offline") return "offline";
  return SIDES[words[0]] ?? "cli";
}

/** A reader that left (`| head`) is no error. The daemon goes on without one: a machine is in its hands. */
function endQuietlyOnClosedPipe(side) {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error; // EIO: the terminal is gone
      if (side !== "daemon") process.exit(0);
    });
  }
}
