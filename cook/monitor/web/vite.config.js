import { svelte } from '@sveltejs/vite-plugin-svelte'
import { createHash } from 'node:crypto'
import { defineConfig } from 'vite'

// Classes are named for the text of their style, so that a build is the same in every folder.
const cssHash = ({ css }) => 'c' + createHash('sha256').update(css).digest('hex').slice(0, 8)

// The built page is committed, so its files have the same names in every version. LINECOOK_MONITOR is
// the address of a running engine, for npm run dev.
const engine = process.env.LINECOOK_MONITOR ?? 'http://127.0.0.1:7700'

export default defineConfig({
  base: './',
  plugins: [svelte({ compilerOptions: { cssHash, runes: true } })],
  build: {
    target: 'es2022',
    modulePreload: false,
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: false,
        entryFileNames: 'app.js',
        assetFileNames: (asset) => (asset.names?.[0]?.endsWith('.css') ? 'app.css' : '[name][extname]'),
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: engine, changeOrigin: true },
      '/feed': { target: engine, changeOrigin: true, ws: true },
    },
  },
})
