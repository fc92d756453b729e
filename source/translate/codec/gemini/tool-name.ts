import type {ToolMap} from '../tool-map.ts';

/** A name as Google takes it: `[A-Za-z_][A-Za-z0-9_.-]{0,63}` (translation.md 3.3). Wire names are one character shorter here. */
export const googleName = (wireName: string): string => (/^[A-Za-z_]/.test(wireName) ? wireName : `_${wireName}`);

/** The wire name that an answer means. */
export const wireNameOf = (name: string, tools: ToolMap): string =>
	tools.find(name) === undefined && name.startsWith('_') && tools.find(name.slice(1)) !== undefined
		? name.slice(1)
		: name;
