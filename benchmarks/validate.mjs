// What `prisma validate` does with a schema, in this process: the command itself needs the network.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('./node/x.js', import.meta.url));
const wasm = require('@prisma/prisma-schema-wasm');
const path = process.argv[2];
wasm.validate(JSON.stringify({ prismaSchema: [[path, readFileSync(path, 'utf8')]], noColor: true }));
