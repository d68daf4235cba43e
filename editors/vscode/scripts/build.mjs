// Bundles the extension into dist/, minified for a package, with source maps otherwise.
import { build } from "esbuild";

const isPackage = process.argv.includes("--package");
await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: isPackage,
  sourcemap: !isPackage,
  logLevel: "warning",
});
