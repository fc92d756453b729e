import type {Location} from '../config.ts';
import type {KeyPath} from '../toml.ts';

/* Where things stand in a JSON text, which its parser does not say. */

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

type Frame = {readonly kind: 'object'; key: string | undefined} | {readonly kind: 'array'; index: number};

const placeOf = (path: string, text: string, at: number): Location => {
	const before = text.slice(0, at);
	return {path, line: before.split('\n').length, column: at - before.lastIndexOf('\n')};
};

const pathOf = (frames: readonly Frame[]): string =>
	JSON.stringify(frames.map(frame => (frame.kind === 'object' ? frame.key : frame.index)));

/** Takes one token in; true where a member or an element begins with it. */
const step = (frames: Frame[], token: string): boolean => {
	const top = frames.at(-1);
	const isKey = top?.kind === 'object' && top.key === undefined && token.startsWith('"');
	const isElement = top?.kind === 'array' && !/^[\],]$/.test(token);
	if (isKey) {
		top.key = String(JSON.parse(token));
	}

	return isKey || isElement;
};

const enter = (frames: Frame[], token: string): void => {
	const top = frames.at(-1);
	if (token === '{') {
		frames.push({kind: 'object', key: undefined});
	} else if (token === '[') {
		frames.push({kind: 'array', index: 0});
	} else if (token === '}' || token === ']') {
		frames.pop();
	} else if (token === ',' && top?.kind === 'object') {
		top.key = undefined;
	} else if (token === ',' && top?.kind === 'array') {
		top.index++;
	}
};

/** Where a key (or an element of a list) is first written in a text that is JSON; undefined where it is not there. */
export const placeInJson = (path: string, text: string, keyPath: KeyPath): Location | undefined => {
	const wanted = JSON.stringify(keyPath);
	const frames: Frame[] = [];
	for (const {0: token, index} of text.matchAll(tokens)) {
		if (step(frames, token) && pathOf(frames) === wanted) {
			return placeOf(path, text, index);
		}

		enter(frames, token);
	}

	return undefined;
};
