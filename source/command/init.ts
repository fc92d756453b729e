import {existsSync} from 'node:fs';
import {CommandError, exitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import type {TakenUpstream, UpstreamOffer, WizardView} from '../event/wizard.ts';
import {languageOf} from '../tui/language/words.ts';
import {readFlags} from './arguments.ts';
import {configTextOf, lookAround, writeFirstConfig} from './init-offers.ts';
import {openSettings, type Remembered} from './settings.ts';
import {themeNames} from './theme-files.ts';

const help = `codex-tui init: a first config.toml, as the wizard of the screen (key W) writes it. A file that is there is left alone.

  (no flag)            takes what is found: Codex's own providers and login, and variables that hold a known provider's key
  --preset NAME        takes this provider instead (codex-tui provider presets lists them); again for the next one in order;
                       NAME,key=VARIABLE says which environment variable holds its key
  --key-env VARIABLE   the same for one --preset
  --switch-codex WORD  yes or no: whether Codex is pointed at codex-tui while it runs
  --theme NAME         the screen's theme
  --lang TAG           the screen's language: en or zh-CN
  --dry-run            shows the file and writes nothing
  --json               one JSON object: {"path","written","upstreams","text","offers"}

Example: codex-tui init --preset deepseek --key-env DEEPSEEK_API_KEY
`;

interface InitFlags {
	readonly preset?: readonly string[] | undefined;
	readonly 'key-env'?: string | undefined;
	readonly 'switch-codex'?: string | undefined;
	readonly theme?: string | undefined;
	readonly lang?: string | undefined;
}

const wrongUsage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'usage', `${sentence} See \`codex-tui init --help\`.`);

const readPreset = (text: string, {offers}: WizardView): TakenUpstream => {
	const [name = '', ...rest] = text.split(',');
	const key = rest.length === 1 ? /^key=(.+)$/.exec(rest[0] ?? '')?.[1] : undefined;
	if (rest.length > 0 && key === undefined) {
		throw wrongUsage('--preset takes NAME or NAME,key=VARIABLE.');
	}

	const offer = offers.find(({preset, found}) => preset === name && found !== 'codex');
	if (offer === undefined) {
		throw wrongUsage(`--preset: there is no preset ${JSON.stringify(name)} that one line sets up.`);
	}

	return {id: offer.id, keyVariable: key};
};

/** What the flags name, else what was found. */
const takenBy = (flags: InitFlags, view: WizardView): readonly TakenUpstream[] => {
	const {preset = [], 'key-env': variable} = flags;
	if (variable !== undefined && preset.length !== 1) {
		throw wrongUsage('--key-env goes with one --preset; with several write --preset NAME,key=VARIABLE.');
	}

	const named = preset.map(text => readPreset(text, view));
	return named.length > 0
		? named.map(({id, keyVariable}) => ({id, keyVariable: variable ?? keyVariable}))
		: view.offers.filter(({found}) => found !== undefined).map(({id}) => ({id, keyVariable: undefined}));
};

const readAnswers = (flags: InitFlags, themes: readonly string[]): Remembered => {
	const {'switch-codex': word, theme, lang} = flags;
	if (word !== undefined && word !== 'yes' && word !== 'no') {
		throw wrongUsage('--switch-codex takes yes or no.');
	}

	if (theme !== undefined && !themes.includes(theme)) {
		throw wrongUsage(`--theme takes ${themes.join(', ')}.`);
	}

	const language = languageOf(lang);
	if (lang !== undefined && language === undefined) {
		throw wrongUsage('--lang takes en or zh-CN.');
	}

	return {
		...(word !== undefined && {switchesCodex: word === 'yes'}),
		...(theme !== undefined && {theme}),
		...(language !== undefined && {language}),
	};
};

/** What is still missing, by name only. */
const missingKeys = (taken: readonly TakenUpstream[], offers: readonly UpstreamOffer[]): readonly string[] =>
	taken.flatMap(({id, keyVariable}) => {
		const offer = offers.find(candidate => candidate.id === id);
		const variable = keyVariable ?? offer?.keyVariable;
		const isThere = keyVariable === undefined ? offer?.isKeySet : (process.env[keyVariable] ?? '') !== '';
		return offer?.needsKey === true && variable !== undefined && isThere !== true ? [variable] : [];
	});

const sentences = (path: string, names: readonly string[], missing: readonly string[]): string =>
	[
		`${path} is written with ${names.join(', ')}.`,
		...(missing.length === 0
			? []
			: [`Not set in this shell: ${missing.join(', ')}; set it before you start codex-tui.`]),
		'Start with "codex-tui"; one that runs the demo in this home takes it at its next start.',
	].join('\n');

/** `codex-tui init`. Rejects with CommandError (wrong usage, nothing found) and RelayError `config-exists`. */
export const run = async (args: readonly string[]): Promise<number> => {
	const flags = readFlags('init', args, {
		preset: {type: 'string', multiple: true},
		'key-env': {type: 'string'},
		'switch-codex': {type: 'string'},
		theme: {type: 'string'},
		lang: {type: 'string'},
		'dry-run': {type: 'boolean'},
		json: {type: 'boolean'},
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const home = await openHome(process.env);
	const view = await lookAround(home, process.env);
	const answers = readAnswers(flags, themeNames(home));
	const taken = takenBy(flags, view);
	if (taken.length === 0) {
		throw new CommandError(
			exitCode.failed,
			'nothing-found',
			'No provider was found: Codex has none of its own, and no variable holds a known provider’s key. Name one: codex-tui init --preset NAME --key-env VARIABLE.',
		);
	}

	const isWanted = flags['dry-run'] !== true;
	const text = configTextOf(taken, view, process.env);
	if (isWanted) {
		await writeFirstConfig(home, text);
		const settings = await openSettings(home);
		settings.set({...answers, setUp: 'done'});
		await settings.saved();
	}

	const names = taken.map(({id}) => view.offers.find(offer => offer.id === id)?.name ?? id);
	const said = flags.json
		? JSON.stringify({path: home.config, written: isWanted, upstreams: names, text, offers: view.offers})
		: isWanted
			? sentences(home.config, names, missingKeys(taken, view.offers))
			: `${text}\n${existsSync(home.config) ? 'There is such a file already: it would be left alone.' : 'Nothing is written.'}`;
	process.stdout.write(`${said}\n`);
	return exitCode.done;
};
