import {RelayError} from '../base/errors.ts';
import type {Location} from './config.ts';

/** What a {@link ConfigError} is about: the place in the file, where one is known, and the key. */
export interface ConfigProblem {
	readonly path: string;
	readonly location?: Location | undefined;
	/** The key with its tables, such as `codex.providers.team.base_url`. */
	readonly key?: string | undefined;
}

/** A configuration that cannot be used; commands end with exit code 3. The sentence begins with `file:line:column`. */
export class ConfigError extends RelayError {
	override readonly name = 'ConfigError';
	readonly path: string;
	/** The message without its place. */
	readonly sentence: string;
	/** From 1; undefined where the whole file is meant. */
	readonly line: number | undefined;
	/** From 1. */
	readonly column: number | undefined;
	readonly key: string | undefined;

	constructor(code: string, sentence: string, problem: ConfigProblem) {
		const place = problem.location === undefined ? '' : `:${problem.location.line}:${problem.location.column}`;
		super(code, `${problem.path}${place}: ${sentence}`);
		this.path = problem.path;
		this.sentence = sentence;
		this.line = problem.location?.line;
		this.column = problem.location?.column;
		this.key = problem.key;
	}
}
