// What a terminal emulator shows, as an SVG: text as text, blocks and braille as shapes, so that no font is needed for them.

/** A cell, px. */
const CELL = { width: 8.4, height: 18 };
const PAD = 12;
const COLORS = {
  background: "#1b1e24",
  foreground: "#d0d4dc",
  palette: [
    ...["#30343c", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d0d4dc"],
    ...["#5c6370", "#e88388", "#b1d196", "#ecd1a0", "#82c0f3", "#d592e6", "#7bc6d0", "#ffffff"],
  ],
};
/** Bits of a braille character by column and row of its dots. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];
/** Shares of ink in the blocks that are not solid. */
const SHADES = { "░": 0.25, "▒": 0.5, "▓": 0.75 };

/** @param terminal an emulator of @xterm/headless @returns the text of an SVG */
export function terminalSvg(terminal) {
  const texts = [];
  const shapes = new Map();
  for (let y = 0; y < terminal.rows; y++) drawRow(terminal, y, texts, shapes);
  const width = round(terminal.cols * CELL.width + 2 * PAD);
  const height = round(terminal.rows * CELL.height + 2 * PAD);
  const paths = [...shapes].map(([attributes, data]) => `<path ${attributes} d="${data}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<rect width="100%" height="100%" rx="8" fill="${COLORS.background}"/>
<g transform="translate(${PAD} ${PAD})">
${[...paths, ...texts].join("\n")}
</g>
</svg>
`;
}

function drawRow(terminal, y, texts, shapes) {
  const line = terminal.buffer.active.getLine(y);
  const cell = terminal.buffer.active.getNullCell();
  let run = { x: 0, text: "", style: "" };
  const flush = (x) => {
    if (run.text.trim() !== "") texts.push(textAt(run, y));
    run = { x, text: "", style: "" };
  };
  for (let x = 0; x < terminal.cols; x++) {
    line.getCell(x, cell);
    const character = cell.getChars() || (cell.getWidth() === 0 ? "" : " ");
    const { color, style } = styleOf(cell);
    const shape = shapeOf(character, x, y);
    if (shape) {
      const key = shape.attributes(color);
      shapes.set(key, (shapes.get(key) ?? "") + shape.data);
      flush(x + 1);
    } else {
      const isGap = character === " " && (run.text === "" || run.text.endsWith(" ")); // XML knows one blank at a time
      if (isGap || (style !== run.style && character !== " ")) flush(x);
      if (isGap) continue;
      if (run.text === "") run = { x, text: "", style };
      run.text += character;
    }
  }
  flush(terminal.cols);
}

function textAt({ x, text, style }, y) {
  const shown = text.trimEnd();
  const length = round([...shown].length * CELL.width);
  const place = `x="${round(x * CELL.width)}" y="${round((y + 0.74) * CELL.height)}"`;
  return `<text ${place} textLength="${length}" ${style}>${escaped(shown)}</text>`;
}

/** Dots are strokes without length and with round ends: seven bytes each. */
function shapeOf(character, x, y) {
  const code = character.codePointAt(0) ?? 0;
  const [left, top] = [x * CELL.width, y * CELL.height];
  const filled = (opacity) => (color) => `fill="${color}"${opacity < 1 ? ` opacity="${opacity}"` : ""}`;
  if (code >= 0x2800 && code <= 0x28ff) {
    const data = DOTS.flatMap((column, i) =>
      column.map((bit, j) =>
        code & bit
          ? `M${round(left + CELL.width * (0.28 + 0.46 * i))} ${round(top + CELL.height * (0.14 + 0.24 * j))}h0`
          : "",
      ),
    );
    const attributes = (color) => `stroke="${color}" stroke-width="2.4" stroke-linecap="round"`;
    return { attributes, data: data.join("") };
  }
  if (character in SHADES) return { attributes: filled(SHADES[character]), data: box(left, top, 1, 0.1, 0.8) };
  if (code >= 0x2588 && code <= 0x258f)
    return { attributes: filled(1), data: box(left, top, (0x2590 - code) / 8, 0.1, 0.8) };
  if (code >= 0x2581 && code <= 0x2587) {
    const high = (code - 0x2580) / 8;
    return { attributes: filled(1), data: box(left, top, 0.9, 1 - high, high) };
  }
  if (character === "─")
    return { attributes: filled(1), data: `M${round(left)} ${round(top + 9)}h${CELL.width}v1h-${CELL.width}z` };
  return undefined;
}

/** @param share of the cell's width @param from where it begins below the cell's top, in cells @param high in cells */
function box(left, top, share, from, high) {
  const width = round(CELL.width * share);
  return `M${round(left)} ${round(top + from * CELL.height)}h${width}v${round(high * CELL.height)}h-${width}z`;
}

function styleOf(cell) {
  const plain = cell.isFgPalette() ? COLORS.palette[cell.getFgColor() % 16] : COLORS.foreground;
  const color = cell.isDim() ? mixed(plain, COLORS.background, 0.55) : plain;
  return { color, style: `fill="${color}"${cell.isBold() ? ' font-weight="bold"' : ""}` };
}

/** @param share of `over` */
function mixed(over, under, share) {
  const channel = (color, i) => Number.parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = [0, 1, 2].map((i) => Math.round(share * channel(over, i) + (1 - share) * channel(under, i)));
  return `#${mix.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function escaped(text) {
  return text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character]);
}

function round(value) {
  return Number(value.toFixed(1));
}
