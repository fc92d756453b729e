import {readFile, rm} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';

/*
 * What is published: the command and the engine's thread, with what they need, in few files (tui.md 1.4). Node spends more on finding
 * six hundred modules than on running them.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}dist/bundle`;

/** Ink asks for it only where DEV is set; without something in its place the bundle dies at its start. */
const noDevtools: Plugin = {
	name: 'no-devtools',
	setup(bundle) {
		bundle.onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'nothing'}));
		bundle.onLoad({filter: /.*/, namespace: 'nothing'}, () => ({contents: 'export default {};'}));
	},
};

const asksByFetch = '"function"!=typeof fetch?Promise';

/** The layout engine unpacks its own base64 by fetch() where there is one, which makes Node load all of undici: 40 ms before the first frame. */
const layoutWithoutFetch: Plugin = {
	name: 'layout-without-fetch',
	setup(bundle) {
		bundle.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path}) => {
			const text = await readFile(path, 'utf8');
			if (text.split(asksByFetch).length !== 2) {
				throw new Error(`${path} is another one than the bundle knows: look for fetch in it, and mend .ci/bundle.ts.`);
			}

			return {contents: text.replace(asksByFetch, 'true?Promise'), loader: 'js'};
		});
	},
};

const widths = fileURLToPath(new URL('string-width.ts', import.meta.url));

/** Whoever measures text gets our string-width, which alone gets the real one. */
const quickWidths: Plugin = {
	name: 'quick-widths',
	setup(bundle) {
		bundle.onResolve({filter: /^string-width$/}, ({importer, path}) =>
			importer === widths ? undefined : {path, namespace: 'widths'},
		);
		bundle.onLoad({filter: /.*/, namespace: 'widths'}, () => ({
			contents: `export {quickStringWidth as default} from ${JSON.stringify(widths)};`,
			resolveDir: root,
		}));
	},
};

const rows = fileURLToPath(new URL('quick-rows.ts', import.meta.url));

/** What of Ink has a shorter way for our rows: its exports become what quick-rows.ts makes of them. */
const shortWays = {
	renderer: 'createQuickRenderer(renderer)',
	'sanitize-ansi': 'text => isPlainRow(text) ? text : sanitizeAnsi(text)',
} as const;

/** Ink's renderer and sanitizer are only asked about what is not a plain row of text. */
const quickRows: Plugin = {
	name: 'quick-rows',
	setup(bundle) {
		bundle.onLoad({filter: /ink[\\/]build[\\/](renderer|sanitize-ansi)\.js$/}, async ({path}) => {
			const text = await readFile(path, 'utf8');
			const exported = /\nexport default (\w+);/;
			const way = path.endsWith('renderer.js') ? shortWays.renderer : shortWays['sanitize-ansi'];
			if (!exported.test(text)) {
				throw new Error(`${path} is another one than the bundle knows: look at its export, and mend .ci/bundle.ts.`);
			}

			const ours = `import {createQuickRenderer, isPlainRow} from ${JSON.stringify(rows)};\n`;
			return {contents: ours + text.replace(exported, `\nexport default ${way};`), loader: 'js'};
		});
	},
};

const roomOfTexts = 'maxSize: 4096';

/** Ink remembers every row that it measured: at ten frames a second that is some megabytes of rows that never come back. Two screens are enough. */
const smallCaches: Plugin = {
	name: 'small-caches',
	setup(bundle) {
		bundle.onLoad({filter: /ink[\\/]build[\\/](measure-text|wrap-text)\.js$/}, async ({path}) => {
			const text = await readFile(path, 'utf8');
			if (text.split(roomOfTexts).length !== 2) {
				throw new Error(`${path} is another one than the bundle knows: look for its cache, and mend .ci/bundle.ts.`);
			}

			return {contents: text.replace(roomOfTexts, 'maxSize: 64'), loader: 'js'};
		});
	},
};

await rm(folder, {recursive: true, force: true});
await build({
	absWorkingDir: root,
	entryPoints: ['source/cli.ts', 'source/engine/worker.ts'],
	bundle: true,
	splitting: true,
	platform: 'node',
	format: 'esm',
	target: 'node24',
	outdir: folder,
	// All in one folder: what is beside the code is found from any of the files.
	entryNames: '[name]',
	chunkNames: '[name]-[hash]',
	minifySyntax: true,
	minifyWhitespace: true,
	define: {'process.env.NODE_ENV': '"production"'},
	banner: {
		js: 'import {createRequire as makeRequire} from "node:module";const require = makeRequire(import.meta.url);',
	},
	// The program sets NODE_ENV for its unbundled form; here that does nothing.
	logOverride: {'assign-to-define': 'silent'},
	logLevel: 'warning',
	plugins: [noDevtools, layoutWithoutFetch, quickWidths, quickRows, smallCaches],
});
