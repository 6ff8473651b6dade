// Draws examples/demo.svg, the drawing that `plotty demo` plots: a sun of loops over a sea of waves, A6 landscape,
// all cubic curves, in two Inkscape layers. Run it with `node examples/make-demo.js`.
import { writeFile } from "node:fs/promises";

const PAGE = { width: 148, height: 105 };
const SUN = { x: 74, y: 37, radius: 31 };

/** A smooth path through `curve(t)` for t from `from` to `to`, as cubic Béziers with the curve's own tangents. */
function smoothPath(curve, from, to, pieces) {
  const step = (to - from) / pieces;
  const slope = (t) => {
    const [a, b] = [curve(t - 1e-4), curve(t + 1e-4)];
    return { x: (b.x - a.x) / 2e-4, y: (b.y - a.y) / 2e-4 };
  };
  let path = `M${point(curve(from))}`;
  for (let i = 0; i < pieces; i++) {
    const [t0, t1] = [from + i * step, from + (i + 1) * step];
    const [p0, p1, s0, s1] = [curve(t0), curve(t1), slope(t0), slope(t1)];
    const c0 = { x: p0.x + (s0.x * step) / 3, y: p0.y + (s0.y * step) / 3 };
    const c1 = { x: p1.x - (s1.x * step) / 3, y: p1.y - (s1.y * step) / 3 };
    path += ` C${point(c0)} ${point(c1)} ${point(p1)}`;
  }
  return path;
}

function point({ x, y }) {
  return `${Number(x.toFixed(3))},${Number(y.toFixed(3))}`;
}

/** Loops around a ring: a hypotrochoid of 40 loops that closes after 11 turns. */
function loops(t) {
  const [ring, petal] = [0.68 * SUN.radius, 0.32 * SUN.radius];
  const turn = t * 11;
  const wheel = t * 29;
  return {
    x: SUN.x + ring * Math.cos(turn) + petal * Math.cos(wheel),
    y: SUN.y + ring * Math.sin(turn) - petal * Math.sin(wheel),
  };
}

/** Wave `row` of the sea, 0 at the horizon: longer and higher the nearer it is. */
function wave(row) {
  const y = 73 + 1.05 * row + 0.075 * row * row;
  const height = 0.35 + 0.11 * row;
  const length = 9 + 1.9 * row;
  const inset = 12 - 0.6 * row;
  return {
    from: inset,
    to: PAGE.width - inset,
    at: (x) => ({
      x,
      y:
        y +
        height * Math.sin((x / length) * Math.PI + row * 0.8) +
        0.4 * height * Math.sin(x / 31 + 0.6 * row),
    }),
  };
}

function bird({ x, y, span }) {
  const wing = `q${-span * 0.28},${-span * 0.3} ${-span * 0.5},${-span * 0.08}`;
  return `<path d="M${x},${y} ${wing} M${x},${y} q${span * 0.28},${-span * 0.3} ${span * 0.5},${-span * 0.08}"/>`;
}

function layer(name, color, content) {
  const lines = content.map((line) => `    ${line}`).join("\n");
  return `  <g inkscape:groupmode="layer" id="${name}" inkscape:label="${name}" stroke="${color}">\n${lines}\n  </g>`;
}

const sea = Array.from({ length: 14 }, (_, row) => {
  const { from, to, at } = wave(row);
  return `<path d="${smoothPath(at, from, to, 40)}"/>`;
});
const sun = [
  `<circle cx="${SUN.x}" cy="${SUN.y}" r="${Number((SUN.radius * 0.3).toFixed(2))}"/>`,
  `<path d="${smoothPath(loops, 0, 2 * Math.PI, 40 * 8)}"/>`,
  ...[
    { x: 27, y: 30, span: 11 },
    { x: 37, y: 22, span: 8 },
    { x: 117, y: 24, span: 10 },
    { x: 126, y: 34, span: 7 },
  ].map(bird),
];

const svg = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
     width="${PAGE.width}mm" height="${PAGE.height}mm" viewBox="0 0 ${PAGE.width} ${PAGE.height}"
     fill="none" stroke-width="0.3" stroke-linecap="round" stroke-linejoin="round">
  <title>Sun over the sea</title>
${layer("sea", "#1b4f72", sea)}
${layer("sun", "#c0392b", sun)}
</svg>
`;

await writeFile(new URL("demo.svg", import.meta.url), svg);
