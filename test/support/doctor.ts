import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished} from 'vitest';
import {homePaths} from '../../source/config/home.ts';
import {createDoctor} from '../../source/doctor/doctor.ts';
import type {DoctorSurroundings} from '../../source/doctor/surroundings.ts';
import type {CheckChoice, CheckResult, DoctorLink} from '../../source/event/doctor.ts';

/** A key that must never be seen in a result. */
export const doctorKey = 'sk-doctor-canary-0123456789abcdef';

/** The local token of {@link startDoctor}'s home. */
export const doctorToken = 'local-token-canary-0123456789abcdefghij';

/** A doctor in a folder of its own, with everything around it made for the test. */
export interface TestDoctor {
	readonly folder: string;
	readonly surroundings: DoctorSurroundings;
	readonly doctor: DoctorLink;
	/** Writes a file below the folder, mode 0600, and gives its path. */
	readonly write: (name: string, text: string) => string;
	/** All results of a run by id; fails the test where a secret stands in one. */
	readonly run: (choice?: CheckChoice) => Promise<ReadonlyMap<string, CheckResult>>;
	/** One result. */
	readonly look: (id: string) => Promise<CheckResult>;
}

/** Starts one: `home`, `codex` and `claude` are folders of the test; `config` becomes config.toml. */
export const startDoctor = (more: Partial<DoctorSurroundings> & {readonly config?: string} = {}): TestDoctor => {
	const folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-doctor-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	const write = (name: string, text: string): string => {
		const file = path.join(folder, name);
		mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
		writeFileSync(file, text, {mode: 0o600});
		return file;
	};
	const {config, ...given} = more;
	write('home/token', `${doctorToken}\n`);
	if (config !== undefined) {
		write('home/config.toml', config);
	}

	const surroundings: DoctorSurroundings = {
		home: homePaths(path.join(folder, 'home')),
		codexHome: path.join(folder, 'codex'),
		claudeHome: path.join(folder, 'claude'),
		folder: path.join(folder, 'work'),
		isDemo: false,
		version: '0.1.0',
		terminal: () => ({isTerminal: true, name: 'xterm', colourBits: 24, isUtf8: true, columns: 160, rows: 48}),
		clocks: {dnsMs: 1000, tcpMs: 500, tlsMs: 500, authMs: 500, providerMs: 3000, deepMs: 2000, versionMs: 2000},
		...given,
		env: {
			HOME: folder,
			CODEX_TUI_HOME: path.join(folder, 'home'),
			PATH: path.join(folder, 'bin'),
			DOCTOR_KEY: doctorKey,
			TERM: 'xterm-256color',
			...given.env,
		},
	};
	const doctor = createDoctor(surroundings);
	const run: TestDoctor['run'] = async (choice = 'all') => {
		const results = new Map<string, CheckResult>();
		await doctor.run(choice, result => results.set(result.id, result));
		const text = JSON.stringify([...results.values()]);
		expect(text).not.toContain(doctorKey);
		expect(text).not.toContain(doctorToken);
		return results;
	};
	const look: TestDoctor['look'] = async id => {
		const result = (await run([id])).get(id);
		if (result === undefined) {
			throw new Error(`There is no check ${id}.`);
		}

		return result;
	};
	return {folder, surroundings, doctor, write, run, look};
};

/** A configuration with one provider `team` at an address. */
export const teamConfig = (baseUrl: string, more = ''): string => `version = 5
[codex.providers.team]
base_url = "${baseUrl}"
auth_token_env = "DOCTOR_KEY"
${more}
`;
