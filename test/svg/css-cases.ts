/** CSS as style sheets in the wild have it, on which plotty and a browser must agree: bodies of a sheet of 200 × 100 mm. */

const R = '<rect x="10" y="10" width="30" height="10"/>';
const css = (rules: string, body = R): string => `<style>${rules}</style>${body}`;
const group = (style: string): string => `<g style="${style}">${R}</g>`;
const rect = (style: string): string => `<rect width="20" height="10" style="${style}"/>`;

/** The sheet is 756 × 378 px, the frame that the browser shows it in 1000 × 600. */
const MEDIA = [
  "(width &gt;= 300px)",
  "(200px &lt; width &lt;= 700px)",
  "(300px &gt;= height)",
  "(height = 5px)",
  "(width)",
  "(min-width: 20em)",
  "(min-width: 5cm) and (max-width: 50cm)",
  "(min-width: calc(100px + 5px))",
  "(min-width: 2000px), (max-height: 1000px)",
  "(min-width: 2000px) or (max-height: 1000px)",
  "not (min-width: 2000px)",
  "not all and (min-width: 100px)",
  "((min-width: 100px) and (not (max-width: 9px)))",
  "(min-aspect-ratio: 1/1)",
  "(max-aspect-ratio: 1)",
  "(min-resolution: 1dppx)",
  "(min-resolution: 200dpi)",
  "(hover)",
  "(pointer: fine)",
  "(pointer: coarse)",
  "(monochrome)",
  "(color)",
  "(prefers-reduced-motion)",
  "(prefers-color-scheme: dark)",
  "(forced-colors: active)",
  "only screen /* and print */",
  "not print",
  "bogus",
  "not bogus",
  "(bogus: 5px)",
  "not (bogus: 5px)",
  "(min-width: 100px) and (max-width: 9000px) or (color)",
].map((query) => css(`@media ${query}{rect{width:5px}}`));

const SUPPORTS = [
  "(fill: none)",
  "(x: bogus)",
  "not (x: bogus)",
  "(display: grid) and (not (r: red))",
  "(r: red) or (cx: 5px)",
  "(-moz-appearance: none)",
  "(--x: 0)",
  "selector(a &gt; b)",
].map((condition) => css(`@supports ${condition}{rect{width:5px}}`));

const ALL = [
  '<g style="fill:none"><path d="M0 0H9" style="all:unset"/></g>',
  '<path d="M0 0H9" fill="none" stroke="red" style="all:initial"/>',
  `<g display="none" style="all:unset">${R}</g>`,
  `<g transform="scale(2)" style="all:initial">${R}</g>`,
  `<g style="transform:scale(2);all:revert">${R}</g>`,
  css("rect{all:unset}"),
  css("*{all:initial}"),
  css("rect{all:unset;x:5px;width:9px;height:9px}"),
  css("rect{all:unset;width:9px}rect{height:9px!important}"),
  css("rect{all:bogus}"),
];

const CALCULATED = [
  "width:calc(10px * sqrt(4))",
  "width:calc(10px * sin(90deg) + 2px * cos(0))",
  "width:calc(1px * pow(2, 3))",
  "width:hypot(3px, 4px)",
  "width:calc(pi * 2px)",
  "width:abs(-10px);height:calc(-3px * sign(-3px))",
  "width:round(9.3px, 2px);height:round(up, 3px, 5px)",
  "width:mod(18px, 5px);height:rem(18px, 5px)",
  "width:clamp(none, 10px, 20px)",
  "width:max(5px, 1em, 2%);height:min(5px, 1em, 2%)",
  "width:calc(1px + )",
  "width:bogus(1px)",
  "width:fit-content",
  "width:-3px",
  "height:-0.0px",
  "rx:-3px;ry:2px",
].map(rect);

const FONTS = [
  "font:bold 20px/2 serif",
  "font:italic small-caps 5mm 'A B', serif",
  "font:large serif",
  "font:150% serif",
  "font:20px",
  "font:caption",
  "font-size:10px;font:italic 30px serif",
  "font:italic 30px serif;font-size:10px",
  "font-size:calc(10px + 1em)",
].map((style) => `<g style="${style}"><rect width="2em" height="1em"/></g>`);

const TRANSFORMED = [
  "transform:rotate(calc(10deg + .1turn))",
  "transform:rotate(10)",
  "transform:scale(calc(1 + 1))",
  "transform:matrix(1,0,0,1,calc(3 + 2),5)",
  "transform:translate(max(5px, 2%), calc((1px + 2px) * 2))",
  "rotate:z 30deg",
  "rotate:30deg x",
  "rotate:0 0 1 30deg",
  "rotate:1 1 0 .1turn",
  "translate:5px 5px 5px",
  "scale:50% 200% 3",
  "display:contents;transform:scale(2)",
].map(group);

const OTHERS = [
  css("/* x */ rect /* y */ { /* z */ width : /* 7 */ 5px /* 8 */ ; }"),
  css("\\72 ect{width:5px}.\\31 a{height:9px}", `${R}<rect class="1a" width="5" height="30"/>`),
  css("rect:lang(en){width:5px}", `<g lang="en-US">${R}</g>`),
  css("rect:lang(fr){width:5px}", `<g xml:lang="fr"><g>${R}</g></g>`),
  css("rect:lang(de){width:5px}", `<g lang="de"><g lang="en">${R}</g></g>`),
  css("rect{--w:initial;width:var(--w, 15px)}"),
  `<style type="text/css;charset=utf-8">rect{width:5px}</style>${R}`,
  `<style type="TEXT/CSS">rect{width:5px}</style>${R}`,
  '<path d="M0 0H9" style="display:contents"/>',
  '<path d="M0 0H9" style="d:unset"/>',
  '<path d="M0 0H9" fill="none" stroke="rgb(red)"/>',
  '<path d="M0 0H9" fill="none" stroke="rgb(1 2 3 / 50%)"/>',
  '<path d="M0 0H9" fill="none" stroke="ThreeDShadow"/>',
];

export const CSS_CASES: readonly string[] = [
  ...MEDIA,
  ...SUPPORTS,
  ...ALL,
  ...CALCULATED,
  ...FONTS,
  ...TRANSFORMED,
  ...OTHERS,
];
