import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Sourcemaps stay out: the policy of the server lets a page fetch nothing that it does not run.
export default defineConfig({
  root: 'web',
  plugins: [react()],
  // The server puts the nonce of its answer in the place of this word (src/platform/web-app.ts).
  html: { cspNonce: 'KLUIS_NONCE' },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  server: {
    host: 'localhost',
    port: 4311,
    // Besides the screens: the contracts, and the texts that the help shows.
    fs: { allow: ['.', '../src', '../docs', '../node_modules'] },
    proxy: { '/api': { target: 'http://localhost:4310', changeOrigin: true } },
  },
})
