import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {root} from '../support/scratch.ts';
import {redactExchange, type ArrivedRequest} from './redact-exchange.ts';

/** Where the exchanges of all versions are. */
export const fixtureFolder = path.join(root, 'test/fixture');

/** The table of versions. */
export const versionsFile = path.join(fixtureFolder, 'VERSIONS.md');

/** The folder of a client's version: `0.169.0` is `codex-0.169`, because only zeros are left out. */
export const versionFolder = (client: 'codex' | 'claude', version: string): string =>
	`${client}-${version.replace(/(?:\.0)+$/, '')}`;

/** The version in what a client prints on `--version`. Throws where there is none. */
export const versionIn = (printed: string): string => {
	const version = /\d+\.\d+\.\d+/.exec(printed)?.[0];
	if (version === undefined) {
		throw new Error(`The client names no version: "${printed.trim()}".`);
	}

	return version;
};

/** One run of a real client. */
export interface Run {
	readonly client: 'codex' | 'claude';
	readonly version: string;
	/** The name of the case. */
	readonly name: string;
	readonly requests: readonly ArrivedRequest[];
}

const addRow = ({client, version}: Run): void => {
	const folder = versionFolder(client, version);
	const table = readFileSync(versionsFile, 'utf8');
	if (!table.includes(`\`${folder}/\``)) {
		const name = client === 'codex' ? 'Codex CLI' : 'Claude Code';
		const today = new Date().toISOString().slice(0, 10);
		writeFileSync(versionsFile, `${table.trimEnd()}\n| \`${folder}/\` | ${name} | ${version} | ${today} |\n`);
	}
};

/** Writes what a client sent to `test/fixture/<client>-<version>/<name>.exchange.json`, and the version's row. */
export const writeExchange = (run: Run): void => {
	const clients = process.env['CODEX_TUI_CLIENTS'] ?? '';
	const exchange = redactExchange(run.requests, {homes: path.join(root, 'test/output/e2e'), root, clients});
	const folder = path.join(fixtureFolder, versionFolder(run.client, run.version));
	if (!existsSync(folder)) {
		mkdirSync(folder);
	}

	writeFileSync(path.join(folder, `${run.name}.exchange.json`), `${JSON.stringify(exchange, undefined, '\t')}\n`);
	addRow(run);
};
