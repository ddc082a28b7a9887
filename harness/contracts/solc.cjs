#!/usr/bin/env node
// Solidity's compiler as the npm package brings it, behind the command line that forge expects.
const compiler = require('solc');

if (process.argv.includes('--version')) {
  // Forge takes the version of native builds only.
  const version = compiler.version().replace('.Emscripten.clang', '.Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  process.stdout.write(compiler.compile(require('fs').readFileSync(0, 'utf8')));
}
