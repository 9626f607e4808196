// Packs what Vite built for the program: one file with every asset's compressed bytes, and C++ that says where each lies.
//
//   node pack.mjs DIST OUT      writes OUT/console_assets.bin and OUT/console_assets.cpp
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import zlib from 'node:zlib';

const [dist, out] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.png': 'image/png', '.json': 'application/json', '.wasm': 'application/wasm',
};
const compressed = new Set(['.woff2', '.png']);

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

const rows = [];
const pieces = [];
let offset = 0;
const keep = (bytes) => {
  const place = [offset, bytes.length];
  pieces.push(bytes);
  offset += bytes.length;
  return place;
};
for (const path of [...files(dist)].sort()) {
  const type = types[extname(path)];
  if (!type) throw new Error(`no content type is known for ${path}`);
  const bytes = readFileSync(path);
  const name = '/' + relative(dist, path).replaceAll('\\', '/');
  const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  let plain = [0, 0], gzip = [0, 0], brotli = [0, 0];
  if (compressed.has(extname(path))) plain = keep(bytes);
  else {
    gzip = keep(zlib.gzipSync(bytes, { level: 9 }));
    const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    brotli = keep(zlib.brotliCompressSync(bytes, { params }));
  }
  rows.push(`    {"${name}", "${type}", "${etag}", ${[plain, gzip, brotli].map(([at, length]) => `{${at}, ${length}}`).join(', ')}},`);
}
rows.sort();
const bin = join(out, 'console_assets.bin');
writeFileSync(bin, Buffer.concat(pieces));
writeFileSync(
  join(out, 'console_assets.cpp'),
  `// Written by console/scripts/pack.mjs.
#include "console/assets.h"

asm(R"(
.pushsection .rodata
.balign 16
.globl mastic_console_pack
mastic_console_pack:
.incbin "${bin}"
.popsection
)");

extern "C" const char mastic_console_pack[];

namespace mastic::console {
namespace {

constexpr Asset rows[] = {
${rows.join('\n')}
};

}  // namespace

std::span<const Asset> assets() { return rows; }
std::string_view bytes_of(Asset::Part part) { return {mastic_console_pack + part.offset, part.length}; }

}  // namespace mastic::console
`,
);
