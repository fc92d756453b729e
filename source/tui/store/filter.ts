import {filters as englishWords} from '../language/english/filters.ts';
import type {Words} from '../language/words.ts';

/*
 * The filter language, one for all lists (tui.md 6.1): words match any column, `field:value`, `field=value`,
 * `status>=400`, `-word` excludes; every term must hold. An unknown field is named, and then nothing is hidden.
 */

/** What a row offers to the filter: field → what stands there. Numbers compare, texts contain. */
export type FilterFields = Readonly<Record<string, string | number | undefined>>;

/** A filter that can be asked row by row. */
export interface Filter {
	readonly matches: (fields: FilterFields) => boolean;
	/** A sentence on the first thing that could not be understood. */
	readonly problem: string | undefined;
}

type Test = (fields: FilterFields) => boolean;

const everything: Test = () => true;
const termPattern = /^(-?)([a-z]+)(>=|<=|!=|>|<|=|:)(.*)$/i;

const compare = (operator: string, left: string | number | undefined, right: string): boolean => {
	const numbers = [Number(left), Number(right)] as const;
	switch (operator) {
		case ':': {
			return String(left ?? '')
				.toLowerCase()
				.includes(right.toLowerCase());
		}

		case '=': {
			return String(left ?? '').toLowerCase() === right.toLowerCase();
		}

		case '!=': {
			return String(left ?? '').toLowerCase() !== right.toLowerCase();
		}

		case '>=': {
			return left !== undefined && numbers[0] >= numbers[1];
		}

		case '<=': {
			return left !== undefined && numbers[0] <= numbers[1];
		}

		case '>': {
			return left !== undefined && numbers[0] > numbers[1];
		}

		default: {
			return left !== undefined && numbers[0] < numbers[1];
		}
	}
};

const wordTest = (word: string): Test => {
	const wanted = word.toLowerCase();
	return fields =>
		Object.values(fields).some(value =>
			String(value ?? '')
				.toLowerCase()
				.includes(wanted),
		);
};

const fieldTest = (
	match: RegExpExecArray,
	known: readonly string[],
	words: Words['filters'],
): Test | {readonly problem: string} => {
	const [, minus, name = '', operator = ':', value = ''] = match;
	const field = known.find(candidate => candidate === name.toLowerCase());
	if (field === undefined) {
		return {problem: words.unknownField(name, known.join(', '))};
	}

	if (value === '') {
		return everything;
	}

	if (/[<>]/.test(operator) && Number.isNaN(Number(value))) {
		return {problem: words.needsNumber(name + operator, value)};
	}

	return fields => compare(operator, fields[field], value) !== (minus === '-');
};

/** Reads a filter text against the fields that the list's rows have; never throws. `words`: of the language in which a problem is named. */
export const parseFilter = (text: string, known: readonly string[], words: Words['filters'] = englishWords): Filter => {
	const tests: Test[] = [];
	let problem: string | undefined;
	for (const term of text.split(/\s+/).filter(word => word !== '' && word !== '-')) {
		const match = termPattern.exec(term);
		if (match === null) {
			const test = wordTest(term.replace(/^-/, ''));
			tests.push(term.startsWith('-') ? fields => !test(fields) : test);
			continue;
		}

		const test = fieldTest(match, known, words);
		if (typeof test === 'function') {
			tests.push(test);
		} else {
			problem ??= test.problem;
		}
	}

	return {matches: fields => tests.every(test => test(fields)), problem};
};
