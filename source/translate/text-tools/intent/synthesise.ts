import type {Item} from '../../codec/ir.ts';
import type {ToolMap} from '../../codec/tool-map.ts';
import {fitCall} from '../fit/fit-call.ts';
import {textOfParts, toolOutputs} from '../request-facts.ts';
import {shellTool} from '../fit/shell-command.ts';
import {commandIn, isNegated, pathCommandIn, type PathProbe} from './commands.ts';
import {fetchCommand, mayFetch, urlsIn, type UrlWitness} from './urls.ts';

/*
 * Calls that nobody made (translation.md 5.5, levels 2 and 3): level 2 sends one constant line; level 3 reads the model's prose, which
 * is only for those who have said that they understand what that means. Never a sandbox field, never a justification.
 */

/** What the user allows at level 3. */
export interface SynthesisSettings {
	/** Addresses that neither the user nor a tool has named. */
	readonly anyUrl: boolean;
	/** Commands outside of the list of reading ones. */
	readonly anyCommand: boolean;
	/** Looks whether a path exists inside of the client's working directory; undefined: paths are left alone. */
	readonly probe?: PathProbe | undefined;
}

/** What a call is made from. */
export interface SynthesisInput extends SynthesisSettings {
	readonly level: 2 | 3;
	readonly items: readonly Item[];
	readonly tools: ToolMap;
}

/** A call that was made, and by which row of the table. */
export interface SynthesisedCall {
	readonly wireName: string;
	readonly arguments: string;
	readonly heuristic: 'L1' | 'L2' | 'L3.1' | 'L3.2' | 'L3.3' | 'L3.4' | 'echo';
}

type Found = {readonly command: string; readonly heuristic: SynthesisedCall['heuristic']};

const echoCommand = "printf '%s\\n' 'codex-tui: no tool call was recognised; use the exec_command tool or finish'";
const mostUserUrls = 20;

const exploreBlock = /<explore_agent>[\s\S]*?(?:<\/explore_agent>|$)/i;
const escalationBlock = /<(?:require_escalation|request_escalation_permission)\b[\s\S]*/i;
const fetchIntent = /\b(?:fetch|explore|download|browse|open|look at)\b/i;

const userTexts = (items: readonly Item[]): readonly string[] =>
	items.flatMap(item => (item.type === 'message' && item.role === 'user' ? [textOfParts(item.parts)] : []));

const fetchFrom = (text: string, witness: UrlWitness): string | undefined => {
	const url = urlsIn(text).find(each => mayFetch(each, witness) && !isNegated(text, text.indexOf(each)));
	return url === undefined ? undefined : fetchCommand(url);
};

const lastUserUrl = (witness: UrlWitness): string | undefined => {
	const url = urlsIn(witness.userText)
		.slice(-mostUserUrls)
		.findLast(each => mayFetch(each, witness));
	return url === undefined ? undefined : fetchCommand(url);
};

const findCommand = (text: string, {items, anyUrl, anyCommand, probe}: SynthesisInput): Found => {
	const userText = userTexts(items).join('\n');
	const witness = {userText, knownText: [userText, ...toolOutputs(items)].join('\n'), anyUrl};
	const rows: ReadonlyArray<readonly [Found['heuristic'], () => string | undefined]> = [
		['L1', () => fetchFrom(exploreBlock.exec(text)?.[0] ?? '', witness)],
		[
			'L2',
			() =>
				escalationBlock.test(text)
					? (fetchFrom(escalationBlock.exec(text)?.[0] ?? '', witness) ?? echoCommand)
					: undefined,
		],
		['L3.1', () => fetchFrom(text, witness)],
		['L3.2', () => (probe === undefined ? undefined : pathCommandIn(text, probe))],
		['L3.3', () => commandIn(text, anyCommand)],
		[
			'L3.4',
			() =>
				fetchIntent.test(text) && urlsIn(text).length === 0 && !isNegated(text, text.length)
					? lastUserUrl(witness)
					: undefined,
		],
	];
	for (const [heuristic, find] of rows) {
		const command = find();
		if (command !== undefined) {
			return {command, heuristic};
		}
	}

	return {command: echoCommand, heuristic: 'echo'};
};

/** The call for a stuck answer; undefined where the client offers no tool that runs commands. */
export const synthesise = (text: string, input: SynthesisInput): SynthesisedCall | undefined => {
	const {level, tools} = input;
	const shell = shellTool(tools);
	if (shell === undefined) {
		return undefined;
	}

	const {command, heuristic}: Found =
		level === 3 ? findCommand(text, input) : {command: echoCommand, heuristic: 'echo'};
	const fields = [{key: 'command', text: command, isString: true}];
	const fitted = fitCall({format: 'T2', name: shell.wireName, arguments: {kind: 'fields', fields}}, tools);
	return typeof fitted === 'string' ? undefined : {wireName: fitted.wireName, arguments: fitted.arguments, heuristic};
};
