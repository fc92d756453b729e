import {clients, requestKinds} from '../../wire/names.ts';
import type {ImaginedRequest} from '../../event/explain.ts';
import {ControlFault, Fields} from './control-route.ts';

const headerPattern = /^([!#$%&'*+.^_`|~\w-]+)=([^\p{Cc}]*)$/u;

const headersOf = (texts: readonly string[]): Readonly<Record<string, string>> =>
	Object.fromEntries(
		texts.map(text => {
			const [, name, value] = headerPattern.exec(text) ?? [];
			if (name === undefined || value === undefined) {
				throw new ControlFault(400, 'bad-field', 'The field "headers" takes texts such as x-team=blue.');
			}

			return [name.toLowerCase(), value];
		}),
	);

/**
 * What a question says of an imagined request: `method`, `path`, `headers` (each `name=value`), `cwd`, `client`, `kind`, `subagent`. Undefined
 * where it says none of it. Throws {@link ControlFault} `bad-field`.
 */
export const imaginedRequest = (values: Readonly<Record<string, unknown>>): ImaginedRequest | undefined => {
	const fields = new Fields(values);
	const headers = fields.texts('headers');
	const request = {
		method: fields.text('method'),
		path: fields.text('path'),
		headers: headers === undefined || headers.length === 0 ? undefined : headersOf(headers),
		cwd: fields.text('cwd'),
		client: fields.choice('client', clients),
		kind: fields.choice('kind', requestKinds),
		subagent: fields.text('subagent'),
	};
	return Object.values(request).every(value => value === undefined) ? undefined : request;
};
