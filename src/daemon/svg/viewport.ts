import { IDENTITY, type Matrix } from "./matrix.ts";
import { NumberScanner } from "./number-scanner.ts";

export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @returns undefined when there is none or it is no view box (then it counts as absent) */
export function parseViewBox(text: string | undefined): ViewBox | undefined {
  if (text === undefined) return undefined;
  const scanner = new NumberScanner(text);
  const numbers: number[] = [];
  scanner.skipSpace();
  for (let i = 0; i < 4; i++) {
    if (i > 0) scanner.skipCommaSpace();
    numbers.push(scanner.number());
  }
  scanner.skipSpace();
  const [x, y, width, height] = numbers as [number, number, number, number];
  if (!scanner.done || Number.isNaN(x + y + width + height) || width < 0 || height < 0) return undefined;
  return { x, y, width, height };
}

/**
 * The map from a view box to the viewport (0, 0, width, height) that shows it: SVG 2, 8.2.
 *
 * @returns undefined when nothing is shown (a view box without area)
 */
export function viewBoxTransform(
  viewBox: ViewBox | undefined,
  preserveAspectRatio: string | undefined,
  width: number,
  height: number,
): Matrix | undefined {
  if (!viewBox) return IDENTITY;
  if (viewBox.width === 0 || viewBox.height === 0) return undefined;
  const { alignX, alignY, stretch, slice } = parseAspectRatio(preserveAspectRatio);
  let scaleX = width / viewBox.width;
  let scaleY = height / viewBox.height;
  if (!stretch) {
    scaleX = slice ? Math.max(scaleX, scaleY) : Math.min(scaleX, scaleY);
    scaleY = scaleX;
  }
  const spareX = stretch ? 0 : width - viewBox.width * scaleX;
  const spareY = stretch ? 0 : height - viewBox.height * scaleY;
  return {
    a: scaleX,
    b: 0,
    c: 0,
    d: scaleY,
    e: spareX * alignX - viewBox.x * scaleX,
    f: spareY * alignY - viewBox.y * scaleY,
  };
}

interface AspectRatio {
  /** 0, 0.5 or 1: which share of the spare room lies before the picture. */
  readonly alignX: number;
  readonly alignY: number;
  readonly stretch: boolean;
  readonly slice: boolean;
}

const SHARES: Readonly<Record<string, number>> = { Min: 0, Mid: 0.5, Max: 1 };
const ASPECT_RATIO = /^\s*(?:none|x(Min|Mid|Max)Y(Min|Mid|Max))(?:\s+(meet|slice))?\s*$/;

function parseAspectRatio(text: string | undefined): AspectRatio {
  const match = ASPECT_RATIO.exec(text ?? "");
  if (!match) return { alignX: 0.5, alignY: 0.5, stretch: false, slice: false };
  return {
    alignX: SHARES[match[1] ?? ""] ?? 0,
    alignY: SHARES[match[2] ?? ""] ?? 0,
    stretch: match[1] === undefined,
    slice: match[3] === "slice",
  };
}
