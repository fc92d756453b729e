import {RelayError} from '../../source/base/errors.ts';
import type {CheckChoice, CheckResult, DoctorLink} from '../../source/event/doctor.ts';

/* Invented findings of the doctor: every state, group and length, with and without a repair. */

const check = (id: string, group: CheckResult['group'], more: Partial<CheckResult>): CheckResult => ({
	id,
	group,
	state: 'ok',
	what: `${id} is well.`,
	tookMs: 3,
	...more,
});

/** What is wrong first, as the screen's store keeps them. */
export const sampleChecks: readonly CheckResult[] = [
	check('client.codex', 'client', {
		state: 'fail',
		what: 'Codex is pointed at http://127.0.0.1:9, but the engine listens on http://127.0.0.1:3211.',
		where: '/home/me/.codex/config.toml',
		fix: 'Run "codex-tui switch on".',
		repair: 'Point Codex at http://127.0.0.1:3211?',
	}),
	check('key:codex/spare/default', 'keys', {
		state: 'fail',
		what: 'spare lacks its key: SPARE_KEY is not set.',
		where: '/home/me/.codex-tui/config.toml:46',
		fix: 'Set SPARE_KEY in the shell that starts codex-tui, and start it again.',
	}),
	check('provider:codex/中转站-东京/default', 'providers', {
		state: 'fail',
		what: '中转站-东京: tls, its certificate has expired.',
		where: 'https://relay.example/v1',
		fix: 'Check base_url (https://relay.example/v1) and the clock of this machine.',
		steps: [
			{name: 'dns', state: 'ok', text: '192.0.2.7', tookMs: 12},
			{name: 'tcp', state: 'ok', text: '192.0.2.7:443', tookMs: 31},
			{name: 'tls', state: 'fail', text: 'its certificate has expired', tookMs: 40},
		],
		tookMs: 83,
	}),
	check('files.home', 'files', {
		state: 'warn',
		what: '1 file can be read by other users of this machine, once somebody gets into the home.',
		where: '/home/me/.codex-tui/config.toml (0644)',
		fix: 'Run chmod 600 /home/me/.codex-tui/config.toml.',
		repair: 'Make 1 file yours alone?',
	}),
	check('port', 'engine', {what: 'Port 3211 takes connections for Codex and SDKs.'}),
	check('token', 'engine', {what: 'The engine takes the local token.', where: '/home/me/.codex-tui/token'}),
	check('config', 'config', {what: 'config.toml is valid and has 7 endpoints.'}),
	check('provider:codex/relay-a/default', 'providers', {
		what: 'relay-a: it takes the key and lists 12 models.',
		where: 'https://relay-a.example/v1',
		tookMs: 412,
	}),
	check('terminal.size', 'terminal', {what: 'The terminal has 80x24 cells.'}),
	check('version.codex', 'versions', {what: 'Codex 0.169.0.', where: '/usr/bin/codex', tookMs: 190}),
	check('client.claude', 'client', {
		state: 'skipped',
		what: 'No provider is configured under [claude.providers], so Claude Code is not expected here.',
	}),
];

/** A doctor that a test steers: it finds what it was given, and repairs are remembered. */
export class FakeDoctor implements DoctorLink {
	results: readonly CheckResult[];
	/** Ids whose repair fails with this sentence. */
	refusal: string | undefined;
	readonly choices: CheckChoice[] = [];
	readonly repairs: string[] = [];

	constructor(results: readonly CheckResult[] = sampleChecks) {
		this.results = results;
	}

	readonly run: DoctorLink['run'] = async (choice, tell) => {
		this.choices.push(choice);
		for (const result of this.results) {
			const isWanted =
				choice === 'all' || (choice === 'start' ? /^(?:client|key|port)/.test(result.id) : choice.includes(result.id));
			if (isWanted) {
				await Promise.resolve();
				tell(result);
			}
		}
	};

	readonly repair: DoctorLink['repair'] = async id => {
		this.repairs.push(id);
		if (this.refusal !== undefined) {
			throw new RelayError('refused', this.refusal);
		}

		this.results = this.results.map(result =>
			result.id === id
				? {...result, state: 'ok', what: `${id} was mended.`, fix: undefined, repair: undefined}
				: result,
		);
		return `${id} was mended.`;
	};
}
