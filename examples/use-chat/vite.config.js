import { defineConfig, loadEnv } from 'vite';

// The page and the server have one origin: Vite passes requests for the API on.
export default defineConfig(({ mode }) => {
  const { FUNCCHAT_URL: target = 'http://127.0.0.1:7071' } = { ...process.env, ...loadEnv(mode, process.cwd(), 'FUNCCHAT_') };
  const proxy = { '/api': { target } };
  return { oxc: { jsx: { runtime: 'automatic' } }, server: { proxy }, preview: { proxy } };
});
