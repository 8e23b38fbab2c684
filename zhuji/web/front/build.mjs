// Bundles the front end: node zhuji/web/front/build.mjs <packages> <output>
// The packages stand apart from the sources, so that no tool walks through them.
import { createRequire } from "node:module";
import { copyFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [packages, output] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(join(packages, "package.json"))("esbuild");

rmSync(output, { recursive: true, force: true });
const result = await esbuild.build({
  entryPoints: {
    theme: join(here, "js/theme.js"),
    main: join(here, "js/main.js"),
    charts: join(here, "js/charts.js"),
    cockpit: join(here, "js/cockpit.js"),
    style: join(here, "css/style.css"),
  },
  outdir: output,
  nodePaths: [join(packages, "node_modules")],
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  target: ["chrome86", "firefox78", "safari15"],
  legalComments: "linked",
  loader: { ".svg": "copy" },
  logLevel: "warning",
  metafile: true,
});
copyFileSync(join(here, "icons.svg"), join(output, "icons.svg"));
copyFileSync(join(here, "mark.svg"), join(output, "mark.svg"));
if (process.stdout.isTTY) console.log(await esbuild.analyzeMetafile(result.metafile));
