// Draws screens/*.svg anew: the monitor on a real pseudo-terminal over a daemon with three virtual plotters and ten drawings,
// as an emulator shows it. Run it with `node docs/screenshots.js` after a build, and look at what has changed.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { terminalSvg } from "./terminal-svg.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PLOTTY = here("../bin/plotty.js");
const PATIENCE_MS = 60_000;
/** What else is to be drawn, by machine: one has no paper, so that its queue waits. */
const QUEUES = {
  south: ["rose", "harbour", "contours", "night"],
  spare: ["moth", "postcard", "letters", "grid", "waves"],
};
const PLOTTERS = `devices:
  - {id: north, driver: virtual, speed: 4}
  - {id: south, driver: virtual}
  - {id: spare, driver: virtual, require_ready: true}
`;

const directory = mkdtempSync(join(tmpdir(), "plotty-screens-"));
const daemon = await startDaemon();
try {
  const plotty = (...words) => execFileSync(process.execPath, [PLOTTY, ...words, "--url", daemon.url]);
  for (const [device, names] of Object.entries(QUEUES))
    plotty("add", ...names.map((name) => fileOf(name)), "--device", device);
  plotty("add", here("../examples/demo.svg"), "--name", "sunrise", "--device", "north");
  await shoot("monitor", 120, 40, async ({ until, press }) => {
    await until((shown) => /RUNNING[^]*RUNNING/.test(shown));
    press("j");
    await until((shown) => shown.includes("> sunrise"));
    await until((shown) => Number(/sunrise.*?(\d+)%/.exec(shown)?.[1]) >= 40);
  });
  await shoot("job", 80, 24, async ({ until, press }) => {
    await until((shown) => shown.includes("sunrise"));
    press("/");
    await until((shown) => /^\/_/m.test(shown));
    press("sunrise\r");
    await until((shown) => shown.includes("with sunrise"));
    press("\r");
    await until((shown) => /\d strokes/.test(shown) && /[\u2801-\u28ff]/.test(shown));
  });
} finally {
  daemon.child.kill("SIGTERM");
  await daemon.ended;
  rmSync(directory, { recursive: true, force: true });
}

/** Opens the monitor, lets `act` bring it where it is worth a picture, and writes that. */
async function shoot(name, columns, rows, act) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  const child = pty.spawn(process.execPath, [PLOTTY, "monitor", "--url", daemon.url], {
    cols: columns,
    rows,
    env: { ...process.env, TERM: "xterm-256color", LANG: "C.UTF-8" },
  });
  child.onData((data) => terminal.write(data));
  const ended = new Promise((resolve) => child.onExit(resolve));
  await act({ until: (holds) => until(terminal, holds), press: (keys) => child.write(keys) });
  mkdirSync(here("screens"), { recursive: true });
  writeFileSync(here(`screens/${name}.svg`), terminalSvg(terminal));
  child.write("q");
  await ended;
}

async function until(terminal, holds) {
  const endMs = Date.now() + PATIENCE_MS;
  const lines = () =>
    Array.from({ length: terminal.rows }, (_, y) => terminal.buffer.active.getLine(y).translateToString(true));
  while (!holds(lines().join("\n"))) {
    if (Date.now() > endMs) throw new Error(`what was to be shown never came:\n${lines().join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startDaemon() {
  writeFileSync(join(directory, "config.yaml"), PLOTTERS);
  const words = ["daemon", "--port", "8766", "--config", join(directory, "config.yaml")];
  const env = { ...process.env, PLOTTY_DATA_DIR: join(directory, "data") };
  const child = spawn(process.execPath, [PLOTTY, ...words], { env, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (data) => {
      const found = /listening on (\S+)/.exec(data);
      if (found) resolve(found[1]);
    });
    ended.then((code) => reject(new Error(`the daemon ended with ${code}`)));
  });
  return { child, url, ended };
}

/** A drawing of that name: A6, with as many petals as the name has letters. */
function fileOf(name) {
  const file = join(directory, `${name}.svg`);
  writeFileSync(file, rosette(name.length));
  return file;
}

function rosette(petals) {
  const points = Array.from({ length: 721 }, (_, i) => {
    const turn = (i / 720) * 2 * Math.PI;
    const radius = 45 * Math.cos(petals * turn);
    return `${(74 + radius * Math.cos(turn)).toFixed(2)},${(52 + radius * Math.sin(turn)).toFixed(2)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="148mm" height="105mm" viewBox="0 0 148 105"><polyline fill="none" stroke="#000" points="${points.join(" ")}"/></svg>`;
}
