import type { Page } from "playwright-core";
import type { Drawing } from "../../src/shared/drawing.ts";

/** What a browser shows of a file: places along every rendered shape in mm, in runs without a gap; and the extents of its uses. */
export interface Shown {
  readonly runs: readonly (readonly number[])[];
  readonly useBoxes: readonly (readonly number[])[];
}

/** Runs inside the page: plain JavaScript, so that no build step touches it. Each file is shown in a frame of its own. */
const SAMPLE = `async (files) => {
  const MM = 25.4 / 96;
  /** px between two places: a corner is cut by a third of it at most. */
  const STEP = 0.2;
  const map = (m, x, y) => [rounded(m.a * x + m.c * y + m.e), rounded(m.b * x + m.d * y + m.f)];
  const rounded = (px) => Math.round(px * MM * 1e4) / 1e4;
  const frames = files.map((file) => {
    const frame = document.createElement("iframe");
    frame.style = "width:1000px;height:600px;border:0;visibility:hidden";
    const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
    const loaded = new Promise((done) => (frame.onload = done));
    frame.src = URL.createObjectURL(new Blob([bytes], { type: "image/svg+xml" }));
    document.body.append(frame);
    return { frame, loaded };
  });
  await Promise.all(frames.map(({ loaded }) => loaded));
  const all = frames.map(({ frame }) => sample(frame.contentWindow));
  for (const { frame } of frames) frame.remove();
  return JSON.stringify(all);

  function isShown(win, el) {
    for (let up = el; up instanceof win.Element; up = up.parentElement) if (win.getComputedStyle(up).display === "none") return false;
    const style = win.getComputedStyle(el);
    return style.visibility === "visible" && !(style.fill === "none" && style.stroke === "none") && el.getClientRects().length > 0;
  }

  /** Such shapes have a path and a length, but are not rendered. */
  function hasNoExtent(win, el) {
    const box = el.getBBox();
    const isBasic = [win.SVGRectElement, win.SVGCircleElement, win.SVGEllipseElement].some((kind) => el instanceof kind);
    if (isBasic && !(box.width > 0 && box.height > 0)) return true;
    for (let svg = el.ownerSVGElement; svg; svg = svg.ownerSVGElement) {
      const view = svg.viewBox.baseVal;
      if (svg.hasAttribute("viewBox") && view && (view.width === 0 || view.height === 0) && svg.ownerSVGElement && /^[\\d\\s.]+$/.test(svg.getAttribute("viewBox")) && svg.getAttribute("viewBox").trim().split(/\\s+/).length === 4) return true;
      if (svg.ownerSVGElement && (svg.width.baseVal.value === 0 || svg.height.baseVal.value === 0)) return true;
    }
    return false;
  }

  function sample(win) {
    const runs = [];
    const useBoxes = [];
    for (const el of win.document.querySelectorAll("*")) {
      if (el instanceof win.SVGUseElement && !el.closest("defs,symbol")) {
        const box = el.getBBox();
        const m = el.getScreenCTM();
        if (box.width > 0 && m) useBoxes.push([...map(m, box.x, box.y), ...map(m, box.x + box.width, box.y + box.height)]);
      }
      if (!(el instanceof win.SVGGeometryElement) || !isShown(win, el)) continue;
      if (hasNoExtent(win, el)) continue;
      const m = el.getScreenCTM();
      const total = el.getTotalLength();
      if (!m || !(total > 0) || m.a * m.d - m.b * m.c === 0) continue;
      const scale = Math.max(Math.hypot(m.a, m.b), Math.hypot(m.c, m.d));
      const count = Math.min(1500, Math.ceil((total * scale) / (total * scale < 150 ? STEP / 2 : STEP)) + 1);
      let run = null;
      let last = null;
      for (let i = 0; i <= count; i++) {
        const point = el.getPointAtLength((total * i) / count);
        const isFar = last && Math.hypot(point.x - last.x, point.y - last.y) > (1.5 * total) / count + 1e-4;
        if (!run || isFar) runs.push((run = []));
        run.push(...map(m, point.x, point.y));
        last = point;
      }
    }
    return { runs: runs.filter((run) => run.length > 2), useBoxes };
  }
}`;

/** What the browser shows of each file. It comes as one text: place by place a page's values take seconds. */
export async function shownBy(page: Page, files: readonly (string | Uint8Array)[]): Promise<Shown[]> {
  const encoded = files.map((file) => Buffer.from(file).toString("base64"));
  return JSON.parse(await page.evaluate<string>(`(${SAMPLE})(${JSON.stringify(encoded)})`)) as Shown[];
}

/** The largest distance in mm from any place of `from` to the nearest of `to`; Infinity where there is nothing. */
export function farthest(from: readonly ArrayLike<number>[], to: readonly ArrayLike<number>[]): number {
  let worst2 = 0;
  for (const points of from) {
    const skip = Math.max(2, 2 * Math.floor(points.length / 100));
    for (let i = 0; i < points.length; i += skip) {
      worst2 = Math.max(worst2, nearest2(points[i]!, points[i + 1]!, to, worst2));
      if (worst2 === Infinity) return worst2;
    }
  }
  return Math.sqrt(worst2);
}

/** Square of the distance to the nearest place, or some that is at most `enough2`: that is no worse than the worst yet. */
function nearest2(x: number, y: number, to: readonly ArrayLike<number>[], enough2: number): number {
  let best2 = Infinity;
  for (const points of to) {
    if (points.length === 2) best2 = Math.min(best2, fromSegment2(x, y, points, 0, 0));
    for (let i = 2; i < points.length; i += 2) {
      best2 = Math.min(best2, fromSegment2(x, y, points, i - 2, i));
      if (best2 <= enough2) return best2;
    }
  }
  return best2;
}

function fromSegment2(x: number, y: number, points: ArrayLike<number>, a: number, b: number): number {
  const [ax, ay] = [points[a]!, points[a + 1]!];
  const [dx, dy] = [points[b]! - ax, points[b + 1]! - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2));
  return (ax + along * dx - x) ** 2 + (ay + along * dy - y) ** 2;
}

/** Strokes that have a length: a browser's length of anything else is 0. */
export function inked(drawing: Drawing): Float64Array[] {
  return drawing.strokes
    .map(({ points }) => points)
    .filter((points) => points.some((value, i) => Math.abs(value - points[i & 1]!) > 1e-6));
}
